package draw

import "gcl-tui/theme"

// chunkGap is the space between two chunks.
const chunkGap = 2

// Span is text in one style.
type Span struct {
	Style theme.Style
	Text  string
}

// Chunk is a part of a line that is shown whole or not at all.
type Chunk struct {
	Spans []Span
	// Rank orders what goes first when there is too little room: the highest.
	// Rank 0 stays and is cut.
	Rank int
}

// Of returns a chunk of one span.
func Of(rank int, st theme.Style, text string) Chunk {
	return Chunk{Rank: rank, Spans: []Span{{st, text}}}
}

// Labelled returns a chunk of a label and a figure, as in "held 3".
func Labelled(rank int, label, value Span) Chunk {
	return Chunk{Rank: rank, Spans: []Span{label, {Plain, " "}, value}}
}

func (c Chunk) width() int {
	n := 0
	for _, s := range c.Spans {
		n += Width(s.Text)
	}
	return n
}

// Bar returns a line with chunks at its left and at its right end. Those that
// do not fit are left out, highest rank first, the last of equals first.
func (p Pen) Bar(width int, left, right []Chunk) string {
	left, right = fit(width, left, right)
	l := p.Line(width).Chunks(left)
	if len(right) > 0 {
		l.Space(l.Rest() - chunksWidth(right)).Chunks(right)
	}
	return l.String()
}

func fit(width int, left, right []Chunk) (l, r []Chunk) {
	l, r = append(l, left...), append(r, right...)
	for {
		need := chunksWidth(l) + chunksWidth(r)
		if len(l) > 0 && len(r) > 0 {
			need += chunkGap
		}
		li, ri := highest(l), highest(r)
		switch {
		case need <= width || li < 0 && ri < 0:
			return l, r
		case li < 0 || ri >= 0 && r[ri].Rank >= l[li].Rank:
			r = append(r[:ri], r[ri+1:]...)
		default:
			l = append(l[:li], l[li+1:]...)
		}
	}
}

// highest returns the index of the last chunk with the highest rank above 0, or -1.
func highest(chunks []Chunk) int {
	at, rank := -1, 1
	for i, c := range chunks {
		if c.Rank >= rank {
			at, rank = i, c.Rank
		}
	}
	return at
}

func chunksWidth(chunks []Chunk) int {
	n := max(0, len(chunks)-1) * chunkGap
	for _, c := range chunks {
		n += c.width()
	}
	return n
}
