package tty

import (
	"bytes"
	"os"

	"github.com/charmbracelet/x/ansi"
)

// Output is a terminal's output that shows each frame at once: it puts it
// between the marks of a synchronized update (mode 2026), which a terminal that
// does not know them ignores.
type Output struct {
	*os.File
	buf []byte
}

// NewOutput returns the output to a terminal.
func NewOutput(f *os.File) *Output { return &Output{File: f} }

// frameStart begins each frame that bubbletea writes to the alternate screen.
var frameStart = []byte(ansi.CursorHomePosition)

// Write writes p, which is a whole frame or something short. It is called by
// one goroutine at a time: bubbletea's renderer holds a lock around it.
func (o *Output) Write(p []byte) (int, error) {
	if !bytes.HasPrefix(p, frameStart) {
		return o.File.Write(p)
	}
	o.buf = append(o.buf[:0], ansi.SetModeSynchronizedOutput...)
	o.buf = append(o.buf, p...)
	o.buf = append(o.buf, ansi.ResetModeSynchronizedOutput...)
	if _, err := o.File.Write(o.buf); err != nil {
		return 0, err
	}
	return len(p), nil
}
