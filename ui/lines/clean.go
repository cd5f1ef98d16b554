package lines

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// resetSGR switches all colours and attributes off.
const resetSGR = "\x1b[0m"

// appendClean appends line to dst without its control sequences, so that a
// worker cannot move the cursor, clear the screen or change the terminal's
// modes. If keepColor, colours and other attributes (SGR; ECMA-48, 8.3.117) stay,
// and are switched off at the end.
func appendClean(dst []byte, line string, keepColor bool) []byte {
	if isPlain(line) {
		return append(dst, line...)
	}
	// A lone byte from 0x80 to 0x9f is a control character to some terminals.
	line = strings.ToValidUTF8(line, "\uFFFD")
	colored := false
	for len(line) > 0 {
		// No parser: it would index its parameters with a foreign count.
		seq, _, n, _ := ansi.DecodeSequence(line, ansi.NormalState, nil)
		switch {
		case seq == "\t" || !hasControl(seq):
			dst = append(dst, seq...)
		case keepColor && isSGR(seq):
			dst, colored = append(dst, seq...), true
		}
		line = line[n:]
	}
	if colored {
		dst = append(dst, resetSGR...)
	}
	return dst
}

// hasControl reports whether s is a control character or sequence, whole or
// broken: each starts with a character of C0 or C1, or is DEL.
func hasControl(s string) bool {
	for _, r := range s {
		if r < ' ' || 0x7f <= r && r < 0xa0 {
			return true
		}
	}
	return false
}

func isSGR(seq string) bool {
	params, ok := strings.CutPrefix(seq, "\x1b[")
	if !ok {
		return false
	}
	params, ok = strings.CutSuffix(params, "m")
	return ok && strings.Trim(params, "0123456789;:") == ""
}

// isPlain reports whether line is printable ASCII and tabs, as most lines are.
func isPlain(line string) bool {
	for i := range len(line) {
		if b := line[i]; (b < ' ' && b != '\t') || b > '~' {
			return false
		}
	}
	return true
}
