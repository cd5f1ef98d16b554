package restore

import (
	"bytes"
	"encoding/json"
)

// role is the first argument of a process in the hidden role.
const role = "restore-terminal"

// allWell is the last thing in the pipe if the terminal needs no help.
const allWell = "\x00all is well\x00"

// maxTrace is how much of a trace is kept, in bytes. Its start is what matters.
const maxTrace = 256 << 10

// leaveScreen undoes what a full-screen program does to a terminal: all mouse
// reports and bracketed paste off, colours off, cursor shown, wrapping on, back
// from the alternate screen. See xterm's control sequences (ctlseqs).
const leaveScreen = "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2026l" +
	"\x1b[0m\x1b[?7h\x1b[?1049l\x1b[?25h\r\n"

// note is what the pipe holds at its end: the settings on the first line, then
// the trace, if there is one.
type note struct {
	settings settings
	trace    []byte
	wellDone bool
}

func encode(s settings) ([]byte, error) {
	b, err := json.Marshal(s)
	return append(b, '\n'), err
}

func decode(b []byte) (note, error) {
	head, rest, _ := bytes.Cut(b, []byte("\n"))
	var n note
	if err := json.Unmarshal(head, &n.settings); err != nil {
		return n, err
	}
	n.trace, n.wellDone = bytes.CutSuffix(rest, []byte(allWell))
	return n, nil
}
