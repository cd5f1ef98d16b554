package main

import "fmt"

// The lines of a box are this wide. Both are odd, as the sides of a cell are,
// so that a line in the middle of a cell has sharp edges.
const (
	lightWidth = 1
	heavyWidth = 3
)

// box draws a character of U+2500 to U+257F. It returns false for double lines.
func (p pen) box(r rune) bool {
	switch {
	case r < '═':
		if d, ok := dashes[r]; ok {
			p.dashed(d.count, d.arms)
		} else {
			p.arms(boxArms[r-'─'])
		}
	case r <= '╬':
		return false
	case r <= '╰':
		p.arc(r)
	case r <= '╳':
		p.diagonals(r)
	default:
		p.arms(halfArms[r-'╴'])
	}
	return true
}

func lineWidth(weight byte) float64 {
	switch weight {
	case lightLine:
		return lightWidth
	case heavyLine:
		return heavyWidth
	}
	return 0
}

// arms draws lines from the sides to the middle; those without a weight are
// nothing. Each reaches over the middle
// by half the width of the widest line across it, so that corners are closed.
func (p pen) arms(arms string) {
	const midX, midY = cellWidth / 2.0, cellHeight / 2.0
	up, right, down, left := lineWidth(arms[0]), lineWidth(arms[1]), lineWidth(arms[2]), lineWidth(arms[3])
	acrossX, acrossY := max(up, down)/2, max(left, right)/2
	if left == right { // in one piece, which can join its neighbours
		p.fill(0, midY-left/2, cellWidth, midY+left/2)
	} else {
		p.fill(0, midY-left/2, midX+acrossX, midY+left/2)
		p.fill(midX-acrossX, midY-right/2, cellWidth, midY+right/2)
	}
	if up == down {
		p.fill(midX-up/2, 0, midX+up/2, cellHeight)
	} else {
		p.fill(midX-up/2, 0, midX+up/2, midY+acrossY)
		p.fill(midX-down/2, midY-acrossY, midX+down/2, cellHeight)
	}
}

// dashed draws a line of dashes with half a gap at either end, so that the
// line goes on evenly in the next cell.
func (p pen) dashed(count int, arms string) {
	const gap = 0.4 // of the distance between dashes
	for i := range count {
		from := (float64(i) + gap/2) / float64(count)
		to := (float64(i) + 1 - gap/2) / float64(count)
		if w := lineWidth(arms[0]); w > 0 {
			p.fill((cellWidth-w)/2, from*cellHeight, (cellWidth+w)/2, to*cellHeight)
		} else {
			w := lineWidth(arms[1])
			p.fill(from*cellWidth, (cellHeight-w)/2, to*cellWidth, (cellHeight+w)/2)
		}
	}
}

// arc draws a rounded corner: down or up from the edge of the cell, then a
// quarter of a circle that ends at the left or right edge.
func (p pen) arc(r rune) {
	const radius = cellWidth / 2.0
	const straight = cellHeight/2.0 - radius
	edge, vertical := 0.0, 1.0 // from above downwards
	if r == '╭' || r == '╮' {
		edge, vertical = cellHeight, -1
	}
	horizontal := 1.0
	if r == '╮' || r == '╯' {
		horizontal = -1
	}
	clockwise := 0
	if vertical*horizontal < 0 {
		clockwise = 1
	}
	p.canvas.line(p.fg, fmt.Sprintf("M%s %sv%sa%s %s 0 0 %d %s %s",
		decimal(p.x+cellWidth/2.0), decimal(p.y+edge), decimal(vertical*straight),
		decimal(radius), decimal(radius), clockwise,
		decimal(horizontal*radius), decimal(vertical*radius)))
}

func (p pen) diagonals(r rune) {
	if r != '╲' {
		p.canvas.line(p.fg, fmt.Sprintf("M%s %sl-%d %d", decimal(p.x+cellWidth), decimal(p.y), cellWidth, cellHeight))
	}
	if r != '╱' {
		p.canvas.line(p.fg, fmt.Sprintf("M%s %sl%d %d", decimal(p.x), decimal(p.y), cellWidth, cellHeight))
	}
}
