package main

import "image/color"

// pen draws into one cell, whose top left corner is x, y.
type pen struct {
	canvas *canvas
	fg, bg color.RGBA
	x, y   float64
}

// draw draws the shape of a character. It returns false if the character is
// none that is drawn as a shape.
func (p pen) draw(r rune) bool {
	switch {
	case r >= 0x2500 && r <= 0x257f:
		return p.box(r)
	case r >= 0x2580 && r <= 0x259f:
		p.block(r)
	case r >= 0x2800 && r <= 0x28ff:
		p.braille(r)
	case r == '■':
		p.square()
	default:
		return false
	}
	return true
}

// fill fills a part of the cell, given by two corners in pixels. A part without
// an area is left out.
func (p pen) fill(x0, y0, x1, y1 float64) {
	if x0 >= x1 || y0 >= y1 {
		return
	}
	p.canvas.rect(p.fg, p.x+x0, p.y+y0, x1-x0, y1-y0)
}

// decorate draws the lines under and through a cell's text. Not every renderer
// knows text-decoration.
func (p pen) decorate(c cell) {
	if c.style.underline {
		p.fill(0, baseline+2, cellWidth*float64(c.width), baseline+3)
	}
	if c.style.strike {
		p.fill(0, baseline-5, cellWidth*float64(c.width), baseline-4)
	}
}

// square draws a meter's segment, which leaves a gap to the next one.
func (p pen) square() {
	const gap = 1
	const size = cellWidth - gap
	p.fill(0, (cellHeight-size)/2, size, (cellHeight+size)/2)
}
