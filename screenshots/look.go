package main

import (
	"image/color"

	"github.com/charmbracelet/x/ansi"
)

// look is how the emulated terminal and its window look.
type look struct {
	foreground, background color.RGBA
	// frame is the window's border, bar its title bar, quiet what is on that.
	frame, bar, quiet color.RGBA
	// basic are the sixteen colours that a program names by number.
	basic [16]color.RGBA
}

var dark = look{
	foreground: hex(0xd5dae1),
	background: hex(0x12161c),
	frame:      hex(0x2b323d),
	bar:        hex(0x1a1f27),
	quiet:      hex(0x77808d),
	basic: [16]color.RGBA{
		hex(0x2b323d), hex(0xe0646a), hex(0x74b583), hex(0xd6a658),
		hex(0x5ba3d0), hex(0xb58ad0), hex(0x5fb3b3), hex(0xc3c9d1),
		hex(0x77808d), hex(0xf0787c), hex(0x82c491), hex(0xe5b567),
		hex(0x6cb8e6), hex(0xc9a0e0), hex(0x77c7c7), hex(0xf2f4f7),
	},
}

var light = look{
	foreground: hex(0x1f2630),
	background: hex(0xfcfdfe),
	frame:      hex(0xc9d0d9),
	bar:        hex(0xf0f2f5),
	quiet:      hex(0x6d7682),
	basic: [16]color.RGBA{
		hex(0x1f2630), hex(0xbf2333), hex(0x1c7a3d), hex(0x945a00),
		hex(0x0a67b3), hex(0x7d3fa0), hex(0x0a7a7a), hex(0xaab2bd),
		hex(0x6d7682), hex(0xd03545), hex(0x258a49), hex(0xa86a08),
		hex(0x1a78c8), hex(0x8f50b3), hex(0x158a8a), hex(0xffffff),
	},
}

// hex makes an opaque colour of 0xRRGGBB.
func hex(rgb uint32) color.RGBA {
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 0xff}
}

// resolve turns a colour that a program asked for into one to paint with. nil
// means the default.
func (l *look) resolve(c color.Color, byDefault color.RGBA) color.RGBA {
	switch c := c.(type) {
	case nil:
		return byDefault
	case ansi.BasicColor:
		return l.basic[c%16]
	case ansi.IndexedColor:
		if c < 16 {
			return l.basic[c]
		}
	}
	r, g, b, _ := c.RGBA()
	return color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff}
}

// mix returns the colour that lies share of the way from one to the other.
func mix(from, to color.RGBA, share float64) color.RGBA {
	part := func(a, b uint8) uint8 {
		return uint8(float64(a) + (float64(b)-float64(a))*share + 0.5)
	}
	return color.RGBA{part(from.R, to.R), part(from.G, to.G), part(from.B, to.B), 0xff}
}
