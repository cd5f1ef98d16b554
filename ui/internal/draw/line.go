package draw

import (
	"strings"

	"gcl-tui/theme"
)

// spaces is cut to pad a line without allocating.
const spaces = "                                                                                                                                "

// Plain is the style of ordinary text.
var Plain = theme.Style{}

// Line is one line of the screen under construction, from left to right.
type Line struct {
	sb       strings.Builder
	ellipsis string
	width    int // cells it may fill
	used     int // cells it fills so far
}

// Line starts a line of width cells.
func (p Pen) Line(width int) *Line {
	width = max(width, 0)
	l := &Line{width: width, ellipsis: p.Ellipsis}
	l.sb.Grow(width + width/2)
	return l
}

// Rest returns how many cells are left.
func (l *Line) Rest() int { return l.width - l.used }

// Text appends s, cut if it does not fit.
func (l *Line) Text(st theme.Style, s string) *Line {
	n := Width(s)
	if n > l.Rest() {
		s = Cut(s, l.Rest(), l.ellipsis)
		n = Width(s)
	}
	if n > 0 {
		l.write(st, s)
		l.used += n
	}
	return l
}

func (l *Line) write(st theme.Style, s string) {
	l.sb.WriteString(st.On)
	l.sb.WriteString(s)
	l.sb.WriteString(st.Off)
}

// Space appends n spaces, or as many as fit.
func (l *Line) Space(n int) *Line {
	n = min(n, l.Rest())
	if n > 0 {
		l.used += n
		for ; n > len(spaces); n -= len(spaces) {
			l.sb.WriteString(spaces)
		}
		l.sb.WriteString(spaces[:n])
	}
	return l
}

// To appends spaces up to a column.
func (l *Line) To(column int) *Line { return l.Space(column - l.used) }

// Left appends s in a field of width cells, aligned left.
func (l *Line) Left(st theme.Style, s string, width int) *Line {
	end := l.used + width
	return l.Text(st, Cut(s, width, l.ellipsis)).To(end)
}

// Right appends s in a field of width cells, aligned right.
func (l *Line) Right(st theme.Style, s string, width int) *Line {
	s = Cut(s, width, l.ellipsis)
	return l.Space(width-Width(s)).Text(st, s)
}

// Repeat appends a glyph of one cell n times, or as often as it fits.
func (l *Line) Repeat(st theme.Style, glyph string, n int) *Line {
	n = min(n, l.Rest())
	if n > 0 {
		l.used += n
		l.sb.WriteString(st.On)
		for range n {
			l.sb.WriteString(glyph)
		}
		l.sb.WriteString(st.Off)
	}
	return l
}

// Chunks appends chunks with a gap between them, as many as fit.
func (l *Line) Chunks(chunks []Chunk) *Line {
	for i, c := range chunks {
		if i > 0 {
			l.Space(chunkGap)
		}
		for _, s := range c.Spans {
			l.Text(s.Style, s.Text)
		}
	}
	return l
}

// String fills the line up to its width and returns it.
func (l *Line) String() string {
	l.Space(l.Rest())
	return l.sb.String()
}
