package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"strings"
)

// All lengths are pixels at a scale of one. A cell is a whole number of them in
// both directions, so that its edges are sharp at every whole scale.
const (
	cellWidth  = 9
	cellHeight = 19
	baseline   = 14 // of the letters, from the top of the cell

	// fontSize makes a letter of DejaVu Sans Mono as wide as a cell: its
	// letters are 1233 units wide, of 2048 to the em. Menlo and SF Mono
	// differ by less than a hundredth.
	fontSize = cellWidth * 2048.0 / 1233

	margin    = 16 // around the window, for its shadow
	barHeight = 34
	padding   = 14 // between the window's edge and the cells
	corner    = 10
)

const fonts = "'DejaVu Sans Mono',ui-monospace,'SF Mono',Menlo,Consolas,'Liberation Mono',monospace"

// writeSVG draws a grid in a window. title stands in the window's bar; it is
// also what a screen reader says.
func writeSVG(g *grid, l *look, title string) []byte {
	var b bytes.Buffer
	width := g.cols*cellWidth + 2*(margin+padding)
	height := g.rows*cellHeight + 2*(margin+padding) + barHeight
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">`+"\n",
		width, height, width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n", escape(title))
	writeWindow(&b, l, width-2*margin, height-2*margin, title)
	fmt.Fprintf(&b, `<g transform="translate(%d %d)" font-family="%s" font-size="%s" xml:space="preserve">`+"\n",
		margin+padding, margin+barHeight+padding, fonts, decimal(fontSize))
	writeCells(&b, g, l)
	b.WriteString("</g>\n</svg>\n")
	return b.Bytes()
}

// writeWindow draws the frame: a soft shadow, the bar with three dots and the
// title.
func writeWindow(b *bytes.Buffer, l *look, width, height int, title string) {
	const middle = margin + barHeight/2
	fmt.Fprintf(b, `<filter id="shadow" x="-5%%" y="-5%%" width="110%%" height="112%%"><feGaussianBlur stdDeviation="6"/></filter>`+"\n")
	fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" rx="%d" fill="#000" fill-opacity=".28" filter="url(#shadow)"/>`+"\n",
		margin, margin+3, width, height, corner)
	fmt.Fprintf(b, `<rect x="%d.5" y="%d.5" width="%d" height="%d" rx="%d" fill="%s" stroke="%s"/>`+"\n",
		margin, margin, width-1, height-1, corner, css(l.background), css(l.frame))
	fmt.Fprintf(b, `<path d="M%d %dv%da%d %d 0 0 1 %d -%dh%da%d %d 0 0 1 %d %dv%dz" fill="%s"/>`+"\n",
		margin+1, margin+barHeight, corner-barHeight, corner-1, corner-1, corner-1, corner-1,
		width-2*corner, corner-1, corner-1, corner-1, corner-1, barHeight-corner, css(l.bar))
	fmt.Fprintf(b, `<path d="M%d %d.5h%d" stroke="%s"/>`+"\n", margin+1, margin+barHeight, width-2, css(l.frame))
	for i := range 3 {
		fmt.Fprintf(b, `<circle cx="%d" cy="%d" r="5.5" fill="%s"/>`+"\n", margin+20+i*20, middle, css(mix(l.bar, l.quiet, 0.45)))
	}
	fmt.Fprintf(b, `<text x="%d" y="%d" text-anchor="middle" font-family="%s" font-size="13" fill="%s">%s</text>`+"\n",
		margin+width/2, middle+5, fonts, css(l.quiet), escape(title))
}

// writeCells draws the grid: backgrounds first, then shapes, then text.
func writeCells(b *bytes.Buffer, g *grid, l *look) {
	var under, over canvas
	var text textLayer
	for y := range g.rows {
		row := g.row(y)
		for x, c := range row {
			if c.bg != l.background {
				under.rect(c.bg, float64(x*cellWidth), float64(y*cellHeight), cellWidth, cellHeight)
			}
			p := pen{&over, c.fg, c.bg, float64(x * cellWidth), float64(y * cellHeight)}
			p.decorate(c)
			if r := []rune(c.text); len(r) != 1 || !p.draw(r[0]) {
				text.add(x, y, c)
			}
		}
	}
	under.write(b)
	over.write(b)
	text.write(b)
}

func css(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder never fails
	return b.String()
}
