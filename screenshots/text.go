package main

import (
	"bytes"
	"fmt"
	"image/color"
	"strings"
)

// textLayer gathers the words of a grid, by look.
type textLayer struct {
	order []textLook
	words map[textLook][]word
}

// textLook is what words that are written together have in common.
type textLook struct {
	fg           color.RGBA
	bold, italic bool
}

// word is letters without a space in consecutive cells of one row.
type word struct {
	x, y, cells int
	text        string
}

// add puts the text of one cell at the end of the word before it if it belongs
// there. Anything but ASCII stands alone: it may come from another font, whose
// letters have another width.
func (t *textLayer) add(x, y int, c cell) {
	if strings.TrimSpace(c.text) == "" {
		return
	}
	key := textLook{c.fg, c.style.bold, c.style.italic}
	words := t.words[key]
	if n := len(words) - 1; n >= 0 {
		last := &words[n]
		if last.y == y && last.x+last.cells == x && ascii(last.text) && ascii(c.text) {
			last.text += c.text
			last.cells += c.width
			return
		}
	}
	if t.words == nil {
		t.words = map[textLook][]word{}
	}
	if words == nil {
		t.order = append(t.order, key)
	}
	t.words[key] = append(words, word{x, y, c.width, c.text})
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// write writes all words, those of one look in one group. textLength pins a
// word to its cells in browsers; rsvg-convert does not know it, nor does it
// need to with the font that fontSize is made for.
func (t *textLayer) write(b *bytes.Buffer) {
	for _, key := range t.order {
		fmt.Fprintf(b, `<g fill="%s"%s>`+"\n", css(key.fg), key.attributes())
		for _, w := range t.words[key] {
			fmt.Fprintf(b, `<text x="%d" y="%d"`, w.x*cellWidth, w.y*cellHeight+baseline)
			if w.cells > 1 {
				fmt.Fprintf(b, ` textLength="%d"`, w.cells*cellWidth)
			}
			fmt.Fprintf(b, ">%s</text>\n", escape(w.text))
		}
		b.WriteString("</g>\n")
	}
}

func (l textLook) attributes() string {
	var out string
	if l.bold {
		out += ` font-weight="bold"`
	}
	if l.italic {
		out += ` font-style="italic"`
	}
	return out
}
