// Command screenshots takes the pictures that the README shows:
//
//	go run ./screenshots            all of them
//	go run ./screenshots -only dashboard
//
// It builds the program, runs it in a pseudo-terminal with a terminal emulator
// at the other end, presses keys, waits until the screen shows what the picture
// is to show, and writes the cells as SVG, then as PNG with rsvg-convert
// (Debian: librsvg2-bin, with fonts-dejavu-core). Nothing in a picture is
// staged: what is on it was on the screen.
//
// # Parts
//
// The list of pictures is shots.go. session.go runs a program on an emulated
// terminal and waits for contents; grid.go takes the cells off it, with colours
// resolved by a look (look.go). svg.go draws a grid in a window frame; png.go
// converts.
//
// # How a grid is drawn
//
// Letters are text, each word pinned to its cells, so that another font than
// the one at hand cannot shift what stands behind it. Lines, blocks and braille
// are shapes (shapes.go, boxes.go, blocks.go, braille.go), because few
// monospace fonts have braille and none joins lines without gaps at every size.
// Double lines (U+2550 to U+256C) are left to the font.
package main
