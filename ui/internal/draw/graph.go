package draw

import (
	"math"
	"strings"
)

// A braille cell has two columns of four dots (Unicode, block U+2800). These
// are the bits of each column, the lowest dot first.
var brailleDots = [2][4]rune{{0x40, 0x04, 0x02, 0x01}, {0x80, 0x20, 0x10, 0x08}}

const (
	brailleBlank   = '\u2800'
	brailleRows    = 4
	brailleColumns = 2
)

// Window is how many values a graph shows at most: two minutes, one a second. A
// graph with room for more draws each value wider.
const Window = 120

// Samples returns how many values a graph of width cells shows.
func (p Pen) Samples(width int) int { return min(Window, p.columns(width)) }

// columns returns how many values stand side by side in width cells.
func (p Pen) columns(width int) int {
	if p.ASCII {
		return width
	}
	return width * brailleColumns
}

// stretch returns the latest of values, as many as a graph of so many columns
// shows, each as often as it takes to fill them.
func stretch(values []float64, columns int) []float64 {
	shown := min(Window, columns)
	if len(values) > shown {
		values = values[len(values)-shown:]
	}
	if columns <= Window {
		return values
	}
	out := make([]float64, len(values)*columns/Window)
	for i := range out {
		out[i] = values[i*len(values)/len(out)]
	}
	return out
}

// Spark appends a graph of one row: the latest values, the newest at the right
// end. Values are drawn against top; one that is not known, below 0, is blank.
func (l *Line) Spark(p Pen, width int, values []float64, top float64) *Line {
	width = min(width, l.Rest())
	if width <= 0 {
		return l
	}
	st := p.Graph[len(p.Graph)-2]
	return l.raw(st.Render(p.graphRows(width, 1, values, top)[0]), width)
}

// AreaGraph returns the rows of a graph as Spark draws one, the highest first,
// without their colour.
func (p Pen) AreaGraph(width, height int, values []float64, top float64) []string {
	return p.graphRows(width, height, values, top)
}

func (p Pen) graphRows(width, height int, values []float64, top float64) []string {
	values = stretch(values, p.columns(width))
	if p.ASCII {
		return p.asciiRows(width, height, values, top)
	}
	return brailleGraph(width, height, values, top)
}

func brailleGraph(width, height int, values []float64, top float64) []string {
	cells := make([][]rune, height)
	for i := range cells {
		cells[i] = make([]rune, width)
		for j := range cells[i] {
			cells[i][j] = brailleBlank
		}
	}
	first := width*brailleColumns - len(values)
	for i, v := range values {
		x := first + i
		for dot := range dots(v, top, height*brailleRows) {
			row := height - 1 - dot/brailleRows
			cells[row][x/brailleColumns] |= brailleDots[x%brailleColumns][dot%brailleRows]
		}
	}
	rows := make([]string, height)
	for i, row := range cells {
		// A blank braille cell is drawn as empty circles by some fonts.
		rows[i] = strings.ReplaceAll(string(row), string(brailleBlank), " ")
	}
	return rows
}

// asciiRows draws a column of cells a value, the highest with one of the
// block levels.
func (p Pen) asciiRows(width, height int, values []float64, top float64) []string {
	levels := len(p.blocks)
	rows := make([]string, height)
	for row := range rows {
		var sb strings.Builder
		sb.WriteString(strings.Repeat(" ", width-len(values)))
		below := (height - 1 - row) * levels
		for _, v := range values {
			switch n := dots(v, top, height*levels) - below; {
			case n <= 0:
				sb.WriteByte(' ')
			default:
				sb.WriteString(p.blocks[min(n, levels)-1])
			}
		}
		rows[row] = sb.String()
	}
	return rows
}

// dots returns how many of levels a value fills: at least one if it is known,
// so that a line at the foot tells nothing from not known.
func dots(v, top float64, levels int) int {
	switch {
	case v < 0 || math.IsNaN(v):
		return 0
	case top <= 0 || v == 0:
		return 1
	}
	return max(1, min(levels, int(math.Ceil(v/top*float64(levels)))))
}

// Ceiling returns a round number at or above the highest value, to scale a
// graph with: 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten.
func Ceiling(values []float64) float64 {
	top := 1.0
	for _, v := range values {
		top = max(top, v)
	}
	power := math.Pow(10, math.Floor(math.Log10(top)))
	for _, step := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
		if top <= step*power {
			return step * power
		}
	}
	return 10 * power
}
