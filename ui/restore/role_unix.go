//go:build unix

package restore

import (
	"bytes"
	"io"
	"os"
	"os/signal"
)

// The descriptors that Watch hands over.
const (
	ttyFD  = 3
	pipeFD = 4
)

// RunRole waits for the end of the process that started it and restores the
// terminal if need be, if this process is in the hidden role; then it does not
// return.
func RunRole() {
	if len(os.Args) != 2 || os.Args[1] != role {
		return
	}
	// It ends when the pipe does, and by nothing else that is asked for.
	signal.Ignore()
	pipe, tty := os.NewFile(pipeFD, "pipe"), os.NewFile(ttyFD, "terminal")
	if pipe == nil || tty == nil {
		os.Exit(2)
	}
	if err := help(pipe, tty); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// help reads the pipe to its end and restores tty unless it says that all is well.
func help(pipe io.Reader, tty *os.File) error {
	var said bytes.Buffer
	if _, err := io.Copy(&said, io.LimitReader(pipe, maxTrace)); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, pipe); err != nil {
		return err
	}
	n, err := decode(said.Bytes())
	if err != nil || n.wellDone {
		return err
	}
	if err := setSettings(int(tty.Fd()), n.settings); err != nil {
		return err
	}
	_, err = tty.WriteString(leaveScreen + string(n.trace))
	return err
}
