package draw

import (
	"math"

	"gcl-tui/theme"
)

// Meter appends a bar of width cells, filled in proportion of part to whole.
// Anything above nothing fills a cell; an unknown part, below 0, none.
func (l *Line) Meter(p Pen, st theme.Style, width int, part, whole float64) *Line {
	full := 0
	if part > 0 && whole > 0 {
		full = min(width, max(1, int(math.Round(part/whole*float64(width)))))
	}
	return l.Repeat(st, p.Full, full).Repeat(p.Border, p.Empty, width-full)
}

// Level returns a bar of one cell and eight levels for part of whole, or a
// space if part is not known.
func (p Pen) Level(part, whole float64) string {
	switch {
	case part < 0:
		return " "
	case whole <= 0:
		return p.blocks[0]
	}
	top := len(p.blocks) - 1
	return p.blocks[max(0, min(top, int(part/whole*float64(len(p.blocks)))))]
}

// Shade returns the colour of a graph at a height between 0 and 1.
func (p Pen) Shade(height float64) theme.Style {
	top := len(p.Graph) - 1
	return p.Graph[max(0, min(top, int(height*float64(len(p.Graph)))))]
}
