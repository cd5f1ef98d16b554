package main

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
)

// canvas gathers shapes by colour, so that each colour is one path. What
// stands side by side becomes one piece.
type canvas struct {
	order  []color.RGBA
	shapes map[color.RGBA]*shapes
}

// shapes are those of one colour.
type shapes struct {
	rects []rect
	dots  []dotRun
	lines []string // path data of strokes one pixel wide
}

type rect struct{ x, y, w, h float64 }

// dotRun is n dots in a row.
type dotRun struct {
	x, y float64
	n    int
}

func (c *canvas) of(colour color.RGBA) *shapes {
	if s, ok := c.shapes[colour]; ok {
		return s
	}
	if c.shapes == nil {
		c.shapes = map[color.RGBA]*shapes{}
	}
	c.order = append(c.order, colour)
	s := &shapes{}
	c.shapes[colour] = s
	return s
}

// rect fills a rectangle.
func (c *canvas) rect(colour color.RGBA, x, y, w, h float64) {
	s := c.of(colour)
	if n := len(s.rects) - 1; n >= 0 {
		last := &s.rects[n]
		if last.y == y && last.h == h && last.x+last.w == x {
			last.w += w
			return
		}
	}
	s.rects = append(s.rects, rect{x, y, w, h})
}

// dot puts a round dot. Dots of one row of dots may be put in any order as
// long as those side by side come from left to right.
func (c *canvas) dot(colour color.RGBA, x, y float64) {
	s := c.of(colour)
	for i := len(s.dots) - 1; i >= 0 && i >= len(s.dots)-brailleRows; i-- {
		if last := &s.dots[i]; last.y == y && last.x+float64(last.n)*dotStep == x {
			last.n++
			return
		}
	}
	s.dots = append(s.dots, dotRun{x, y, 1})
}

// line strokes path data.
func (c *canvas) line(colour color.RGBA, d string) {
	s := c.of(colour)
	s.lines = append(s.lines, d)
}

// write writes one path for each colour and kind.
func (c *canvas) write(b *bytes.Buffer) {
	for _, colour := range c.order {
		s, fill := c.shapes[colour], css(colour)
		if len(s.rects) > 0 {
			fmt.Fprintf(b, `<path fill="%s" d="%s"/>`+"\n", fill, s.rectData())
		}
		if len(s.lines) > 0 {
			fmt.Fprintf(b, `<path fill="none" stroke="%s" d="%s"/>`+"\n", fill, strings.Join(s.lines, ""))
		}
		if len(s.dots) > 0 {
			// A dash without length under a round cap is a dot.
			fmt.Fprintf(b, `<path fill="none" stroke="%s" stroke-width="%s" stroke-linecap="round" stroke-dasharray="0 %s" d="%s"/>`+"\n",
				fill, decimal(dotSize), decimal(dotStep), s.dotData())
		}
	}
}

func (s *shapes) rectData() string {
	var b strings.Builder
	for _, r := range s.rects {
		fmt.Fprintf(&b, "M%s %sh%sv%sh-%sz", decimal(r.x), decimal(r.y), decimal(r.w), decimal(r.h), decimal(r.w))
	}
	return b.String()
}

func (s *shapes) dotData() string {
	var b strings.Builder
	for _, d := range s.dots {
		// A little more than to the last dot, lest rounding lose it.
		const more = 0.01
		fmt.Fprintf(&b, "M%s %sh%s", decimal(d.x), decimal(d.y), decimal(float64(d.n-1)*dotStep+more))
	}
	return b.String()
}

// decimal writes a number with up to three decimals.
func decimal(v float64) string {
	return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
}
