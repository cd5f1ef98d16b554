package draw

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Clean makes foreign text safe to show in a line: escape sequences are
// removed, line ends and tabs become spaces, other control characters, invisible
// ones and those that change the direction of text become a mark. In ASCII mode
// what is not ASCII becomes its nearest equivalent, or a question mark.
func (p Pen) Clean(s string) string {
	if isASCII(s) {
		return s
	}
	s = ansi.Strip(strings.ToValidUTF8(s, string(utf8.RuneError)))
	var sb strings.Builder
	sb.Grow(len(s))
	for _, r := range s {
		sb.WriteString(p.cleanRune(r))
	}
	return strings.TrimRight(sb.String(), " ")
}

func (p Pen) cleanRune(r rune) string {
	switch {
	case r >= ' ' && r <= '~':
		return string(r)
	case r == '\t' || r == '\n' || r == '\r' || unicode.IsSpace(r):
		return " "
	case isJoiner(r):
		return ""
	case !unicode.IsGraphic(r):
		return p.Dot
	case p.ASCII:
		return nearest(r)
	}
	return string(r)
}

// isJoiner is true for characters that only change their neighbours, tones of a
// skin included. Terminals do not agree on the width of what they build, so they
// are left out.
func isJoiner(r rune) bool {
	return r == '\u200d' || unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Mn, r) ||
		unicode.Is(unicode.Me, r) || r >= '\U0001f3fb' && r <= '\U0001f3ff'
}

// nearest returns what stands for r in ASCII.
func nearest(r rune) string {
	switch r {
	case '…':
		return "..."
	case '→':
		return "->"
	case '‘', '’':
		return "'"
	case '“', '”', '«', '»':
		return `"`
	case '–', '—', '−':
		return "-"
	case '·', '•':
		return "."
	case 'µ', 'μ':
		return "u"
	case '×':
		return "x"
	}
	return "?"
}
