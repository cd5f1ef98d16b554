package tty

import (
	"bytes"
	"os"

	"github.com/charmbracelet/x/ansi"
)

// Output is a terminal's output as bubbletea sees it. Bubbletea sets the
// terminal up and restores it, but what it draws is left out: its renderer
// wakes up many times a second to see whether there is anything to do, which
// alone costs more than an idle screen may. The frames come from a Painter.
type Output struct{ *os.File }

// frameStart begins each frame that bubbletea v1 writes to the alternate screen.
var frameStart = []byte(ansi.CursorHomePosition)

// Write drops bubbletea's frames and passes anything else on.
func (o Output) Write(p []byte) (int, error) {
	if bytes.HasPrefix(p, frameStart) && len(p) > len(frameStart) {
		return len(p), nil
	}
	return o.File.Write(p)
}
