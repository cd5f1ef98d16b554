package draw

import "github.com/charmbracelet/x/ansi"

// Width returns how many cells s takes on the screen, escape sequences not
// counted.
func Width(s string) int {
	if isASCII(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// Cut returns s shortened to width cells, its end replaced by tail if anything
// is lost.
func Cut(s string, width int, tail string) string {
	switch {
	case Width(s) <= width:
		return s
	case width <= 0:
		return ""
	case isASCII(s) && isASCII(tail) && len(tail) <= width:
		return s[:width-len(tail)] + tail
	}
	return ansi.Truncate(s, width, tail)
}

// isASCII is true if s is printable ASCII throughout: a byte is a cell then.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
