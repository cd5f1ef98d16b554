package build

import "strings"

// tailSize bounds what is kept of a build's output.
const tailSize = 64 << 10

// tail keeps the end of what is written to it, from the start of a line on.
type tail struct {
	text []byte
	cut  bool
}

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	// Twice the size, so that a flood is not moved byte by byte.
	if len(t.text) > 2*tailSize {
		t.text = append(t.text[:0], t.text[len(t.text)-tailSize:]...)
		t.cut = true
	}
	return len(p), nil
}

func (t *tail) String() string {
	text, cut := t.text, t.cut
	if len(text) > tailSize {
		text, cut = text[len(text)-tailSize:], true
	}
	s := strings.ToValidUTF8(string(text), "\uFFFD")
	if _, rest, ok := strings.Cut(s, "\n"); cut && ok {
		return rest
	}
	return s
}
