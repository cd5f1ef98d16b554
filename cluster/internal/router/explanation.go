package router

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"
)

// Explanation says why a request could not be served. All of it is plain text
// that may come from anywhere: it is cleaned and escaped when it is shown.
type Explanation struct {
	// Summary is one line that any client may see.
	Summary string
	// Parts are for trusted clients.
	Parts []Part
}

// Part is one thing that is wrong.
type Part struct {
	// Title says where or who it is, as in "main.go:7:3" or "w1"; may be empty.
	Title string
	// Message says what it is.
	Message string
	// Text is shown as it is, in lines: the source, a stack. May be empty.
	Text string
	// Mark is the line of Text to look at first, counted from 1; 0 is none.
	Mark int
}

// plain returns the explanation for a terminal.
func (e *Explanation) plain(status string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", status, e.Summary)
	for _, p := range e.Parts {
		b.WriteByte('\n')
		if p.Title != "" {
			b.WriteString(p.Title + ": ")
		}
		b.WriteString(p.Message + "\n")
		if p.Text != "" {
			b.WriteString(strings.TrimRight(p.Text, "\n") + "\n")
		}
	}
	return readable(b.String())
}

// html returns a part for a browser.
func (p *Part) html(b *strings.Builder) {
	b.WriteString("<section>\n")
	if p.Title != "" {
		fmt.Fprintf(b, "<h2>%s</h2>\n", escaped(p.Title))
	}
	if p.Message != "" {
		fmt.Fprintf(b, "<p>%s</p>\n", escaped(p.Message))
	}
	if p.Text != "" {
		b.WriteString("<pre>")
		n := 0
		for line := range strings.Lines(strings.TrimRight(p.Text, "\n")) {
			if n++; n == p.Mark {
				fmt.Fprintf(b, "<mark>%s</mark>\n", escaped(strings.TrimRight(line, "\n")))
			} else {
				b.WriteString(escaped(line))
			}
		}
		b.WriteString("</pre>\n")
	}
	b.WriteString("</section>\n")
}

func escaped(s string) string { return html.EscapeString(readable(s)) }

// readable returns text without anything that a terminal might act on or that is
// no text: control sequences (ECMA-48, section 5.4) and control characters other
// than tab and line feed are left out, invalid UTF-8 is replaced.
func readable(s string) string {
	var b strings.Builder
	for s = strings.ToValidUTF8(s, "\uFFFD"); s != ""; {
		end := strings.IndexFunc(s, isControl)
		if end < 0 {
			break
		}
		b.WriteString(s[:end])
		s = afterControl(s[end:])
	}
	b.WriteString(s)
	return b.String()
}

func isControl(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' || 0x7f <= r && r < 0xa0
}

// afterControl returns what follows the control character or sequence that s
// begins with.
func afterControl(s string) string {
	s, sequence := strings.CutPrefix(s, "\x1b[")
	if !sequence {
		_, size := utf8.DecodeRuneInString(s)
		return s[size:]
	}
	for i := range len(s) {
		if s[i] >= 0x40 || s[i] < 0x20 { // its last byte, or it is cut short
			if s[i] >= 0x40 {
				i++
			}
			return s[i:]
		}
	}
	return ""
}
