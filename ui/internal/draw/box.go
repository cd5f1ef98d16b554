package draw

import "gcl-tui/theme"

// BoxEdge is how many cells the left and the right edge of a box take
// together, a space inside of each included; BoxRows is the same for its top
// and bottom.
const (
	BoxEdge = 4
	BoxRows = 2
)

// Box is a frame with a title.
type Box struct {
	Title string
	// Note follows the title, Right stands at the right end of the top edge,
	// Foot at the left of the bottom edge. All are optional.
	Note, Right, Foot []Chunk
	// Edge is the style of the frame; Plain stands for the theme's border.
	Edge theme.Style
}

// Draw returns the box of the given size around body, whose lines are
// width-BoxEdge cells wide. Missing lines are blank, those too many are left out.
func (b Box) Draw(p Pen, width, height int, body []string) []string {
	if height < BoxRows || width < BoxEdge {
		return Blank(p, width, height)
	}
	if b.Edge == Plain {
		b.Edge = p.Border
	}
	lines := make([]string, 0, height)
	lines = append(lines, b.top(p, width))
	edge := b.Edge.Render(p.Vertical)
	blank := p.Line(width - BoxEdge).String()
	for i := range height - BoxRows {
		inner := blank
		if i < len(body) {
			inner = body[i]
		}
		lines = append(lines, edge+" "+inner+" "+edge)
	}
	return append(lines, b.bottom(p, width))
}

func (b Box) top(p Pen, width int) string {
	l := p.Line(width).Text(b.Edge, p.TopLeft+p.Horizontal+" ").Text(p.Title, b.Title).Space(1)
	// Room for the corner and one dash on each side of what stands right.
	room := l.Rest() - 3
	note, right := fit(room-2, b.Note, b.Right)
	l.inset(p, b.Edge, note)
	if len(right) > 0 {
		n := chunksWidth(right) + 4
		l.Repeat(b.Edge, p.Horizontal, l.Rest()-n)
		if l.Rest() >= n {
			l.Space(1).Chunks(right).Space(1).Text(b.Edge, p.Horizontal)
		}
	}
	return l.Repeat(b.Edge, p.Horizontal, l.Rest()-1).Text(b.Edge, p.TopRight).String()
}

// inset appends chunks set into a horizontal edge.
func (l *Line) inset(p Pen, edge theme.Style, chunks []Chunk) {
	if len(chunks) > 0 && l.Rest() > chunksWidth(chunks)+4 {
		l.Text(edge, p.Horizontal).Space(1).Chunks(chunks).Space(1)
	}
}

func (b Box) bottom(p Pen, width int) string {
	l := p.Line(width).Text(b.Edge, p.BottomLeft)
	if len(b.Foot) > 0 {
		l.Text(b.Edge, p.Horizontal).Space(1)
		inner := p.Line(min(chunksWidth(b.Foot), l.Rest()-3)).Chunks(b.Foot)
		l.raw(inner.String(), inner.width).Space(1)
	}
	return l.Repeat(b.Edge, p.Horizontal, l.Rest()-1).Text(b.Edge, p.BottomRight).String()
}

// raw appends finished text of a known width.
func (l *Line) raw(s string, width int) *Line {
	l.sb.WriteString(s)
	l.used += width
	return l
}

// Raw appends a finished line of a known width, if it fits.
func (l *Line) Raw(s string, width int) *Line {
	if width > l.Rest() {
		return l
	}
	return l.raw(s, width)
}

// Blank returns height empty lines.
func Blank(p Pen, width, height int) []string {
	lines := make([]string, max(height, 0))
	for i := range lines {
		lines[i] = p.Line(width).String()
	}
	return lines
}
