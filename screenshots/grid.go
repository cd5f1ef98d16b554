package main

import (
	"image/color"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
)

// grid is a screen at one moment, with all colours resolved.
type grid struct {
	cols, rows int
	cells      []cell // row by row
}

// cell is one place of a grid. The place behind a wide character has no text.
type cell struct {
	text   string
	width  int
	fg, bg color.RGBA
	style  textStyle
}

// textStyle is what is kept of a cell's attributes besides its colours, into
// which faint, reverse and hidden go.
type textStyle struct{ bold, italic, underline, strike bool }

// cells is what a terminal emulator has to offer.
type cells interface {
	CellAt(x, y int) *uv.Cell
	Width() int
	Height() int
}

// takeGrid copies the screen of an emulator.
func takeGrid(screen cells, l *look) grid {
	g := grid{cols: screen.Width(), rows: screen.Height()}
	g.cells = make([]cell, 0, g.cols*g.rows)
	for y := range g.rows {
		for x := range g.cols {
			g.cells = append(g.cells, takeCell(screen.CellAt(x, y), l))
		}
	}
	return g
}

func takeCell(from *uv.Cell, l *look) cell {
	if from == nil {
		return cell{text: " ", width: 1, fg: l.foreground, bg: l.background}
	}
	c := cell{
		text:  from.Content,
		width: from.Width,
		fg:    l.resolve(from.Style.Fg, l.foreground),
		bg:    l.resolve(from.Style.Bg, l.background),
		style: textStyle{
			bold:      from.Style.Attrs&uv.AttrBold != 0,
			italic:    from.Style.Attrs&uv.AttrItalic != 0,
			underline: from.Style.Underline != 0,
			strike:    from.Style.Attrs&uv.AttrStrikethrough != 0,
		},
	}
	if from.Style.Attrs&uv.AttrReverse != 0 {
		c.fg, c.bg = c.bg, c.fg
	}
	if from.Style.Attrs&uv.AttrFaint != 0 {
		const share = 0.45 // about what common terminals do
		c.fg = mix(c.fg, c.bg, share)
	}
	if from.Style.Attrs&uv.AttrConceal != 0 {
		c.text = strings.Repeat(" ", c.width)
	}
	return c
}

func (g *grid) row(y int) []cell { return g.cells[y*g.cols : (y+1)*g.cols] }

// line returns the text of one row, without spaces at its end.
func (g *grid) line(y int) string {
	var b strings.Builder
	for _, c := range g.row(y) {
		b.WriteString(c.text)
	}
	return strings.TrimRight(b.String(), " ")
}

// String returns the text of all rows.
func (g *grid) String() string {
	lines := make([]string, g.rows)
	for y := range lines {
		lines[y] = g.line(y)
	}
	return strings.Join(lines, "\n")
}
