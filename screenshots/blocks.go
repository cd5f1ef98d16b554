package main

// block draws a character of U+2580 to U+259F.
func (p pen) block(r rune) {
	switch {
	case r == '▀':
		p.eighths(0, 0, 8, 4)
	case r <= '█': // from one eighth, growing from below
		p.eighths(0, '█'-r, 8, 8)
	case r <= '▏': // from seven eighths, shrinking to the left
		p.eighths(0, 0, '▐'-r, 8)
	case r == '▐':
		p.eighths(4, 0, 8, 8)
	case r <= '▓': // shades: a quarter, a half, three quarters
		p.fg = mix(p.bg, p.fg, float64(r-'▐')/4)
		p.eighths(0, 0, 8, 8)
	case r == '▔':
		p.eighths(0, 0, 8, 1)
	case r == '▕':
		p.eighths(7, 0, 8, 8)
	default:
		p.quadrants(r)
	}
}

// quadrants draws a character of U+2596 to U+259F.
func (p pen) quadrants(r rune) {
	const (
		upperLeft = 1 << iota
		upperRight
		lowerLeft
		lowerRight
	)
	parts := [...]int{
		lowerLeft, lowerRight, upperLeft, // ▖▗▘
		upperLeft | lowerLeft | lowerRight, upperLeft | lowerRight, // ▙▚
		upperLeft | upperRight | lowerLeft, upperLeft | upperRight | lowerRight, // ▛▜
		upperRight, upperRight | lowerLeft, upperRight | lowerLeft | lowerRight, // ▝▞▟
	}[r-'▖']
	for i, corner := range [][2]rune{{0, 0}, {4, 0}, {0, 4}, {4, 4}} {
		if parts&(1<<i) != 0 {
			p.eighths(corner[0], corner[1], corner[0]+4, corner[1]+4)
		}
	}
}

// eighths fills a part of the cell, given by two corners in eighths of it.
func (p pen) eighths(x0, y0, x1, y1 rune) {
	const w, h = cellWidth / 8.0, cellHeight / 8.0
	p.fill(float64(x0)*w, float64(y0)*h, float64(x1)*w, float64(y1)*h)
}
