package tty

import (
	"image/color"
	"os"

	"github.com/charmbracelet/x/ansi"
)

// Answer to the query of the background, as xterm gives it (XTerm Control
// Sequences, "Operating System Commands", 11).
const (
	answerStart = "\x1b]11;"
	// answerMax is more than any terminal's answer is long; what goes on
	// beyond it is no answer.
	answerMax = 64
)

// Input is a terminal's input without the answers to the query of the
// background. They may come at any time and in pieces, between the user's
// keys; a key map would take their letters for commands.
type Input struct {
	*os.File
	// Background gets the colour, if it is read. Answers beyond its capacity
	// are dropped.
	Background chan color.Color

	matched int    // bytes of answerStart seen
	answer  []byte // what follows it, while reading an answer
}

// NewInput returns the input of a terminal.
func NewInput(f *os.File) *Input {
	return &Input{File: f, Background: make(chan color.Color, 1)}
}

// Read reads what was typed. It may return 0 bytes and no error, if there was
// only an answer.
func (in *Input) Read(p []byte) (int, error) {
	n, err := in.File.Read(p)
	return in.filter(p[:max(n, 0)]), err
}

// filter removes answers from p in place and returns how many bytes are left.
// The first bytes of an answer that a read cut off have been passed on by then;
// they are no keys of ours. Nothing is held back, so no key is ever late.
func (in *Input) filter(p []byte) int {
	kept := 0
	for _, c := range p {
		switch {
		case in.answer != nil:
			in.take(c)
			continue
		case c == answerStart[in.matched]:
			in.matched++
		case c == answerStart[0]:
			in.matched = 1
		default:
			in.matched = 0
		}
		p[kept] = c
		kept++
		if in.matched == len(answerStart) {
			kept = max(0, kept-len(answerStart))
			in.matched, in.answer = 0, []byte{}
		}
	}
	return kept
}

// take adds a byte to the answer and passes the colour on at its end: BEL, or
// ESC \.
func (in *Input) take(c byte) {
	if c != '\a' && c != '\\' && len(in.answer) < answerMax {
		in.answer = append(in.answer, c)
		return
	}
	text := string(in.answer)
	in.answer = nil
	if n := len(text); n > 0 && text[n-1] == ansi.ESC {
		text = text[:n-1]
	}
	if c := ansi.XParseColor(text); c != nil {
		select {
		case in.Background <- c:
		default:
		}
	}
}
