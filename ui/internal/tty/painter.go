package tty

import (
	"io"
	"strconv"

	"github.com/charmbracelet/x/ansi"
)

// Painter keeps a terminal showing the latest frame. It writes only the lines
// that have changed, and at once, inside a synchronized update (mode 2026),
// which terminals that do not know it ignore: nothing flickers or tears, and a
// screen that does not change costs nothing.
type Painter struct {
	out  io.Writer
	last []string // what the terminal shows; nil if that is not known
	buf  []byte
}

// NewPainter returns a painter on a terminal of unknown contents.
func NewPainter(out io.Writer) *Painter { return &Painter{out: out} }

// Reset makes the next frame be painted in full: the terminal's size has
// changed, or something else has written to it.
func (p *Painter) Reset() { p.last = nil }

// Paint shows lines, of which there are as many as the terminal has rows. It
// keeps the slice. It returns the error of writing to the terminal.
func (p *Painter) Paint(lines []string) error {
	all := len(lines) != len(p.last)
	p.buf = append(p.buf[:0], ansi.SetModeSynchronizedOutput...)
	// A line that the terminal holds for wider than we do must not wrap.
	p.buf = append(p.buf, ansi.ResetModeAutoWrap...)
	if all {
		p.buf = append(p.buf, ansi.EraseEntireScreen...)
	}
	empty := len(p.buf)
	for i, line := range lines {
		if all || line != p.last[i] {
			p.line(i, line)
		}
	}
	p.last = lines
	if !all && len(p.buf) == empty {
		return nil
	}
	p.buf = append(p.buf, ansi.SetModeAutoWrap...)
	p.buf = append(p.buf, ansi.ResetModeSynchronizedOutput...)
	_, err := p.out.Write(p.buf)
	return err
}

// line appends line number i, counted from 0, and what puts it there.
func (p *Painter) line(i int, line string) {
	p.buf = append(p.buf, "\x1b["...)
	p.buf = strconv.AppendInt(p.buf, int64(i+1), 10)
	p.buf = append(p.buf, ";1H"...)
	p.buf = append(p.buf, ansi.EraseLineRight...)
	p.buf = append(p.buf, line...)
}
