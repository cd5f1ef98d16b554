package main

const (
	brailleRows = 4
	dotStep     = cellWidth / 2.0 // from one dot to the next, across cells too
	dotSize     = 2.7
)

// braille draws the dots of a character of U+2800 to U+28FF. Its bits are dots
// 1 to 8: the first six go down the left and then the right column, the last
// two stand below them (Unicode, chapter 21.1).
func (p pen) braille(r rune) {
	bits := [brailleRows][2]rune{{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}
	for row, pair := range bits {
		for column, bit := range pair {
			if r&bit != 0 {
				x := dotStep * (float64(column) + 0.5)
				y := cellHeight * (float64(row) + 0.5) / brailleRows
				p.canvas.dot(p.fg, p.x+x, p.y+y)
			}
		}
	}
}
