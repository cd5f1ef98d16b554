//go:build unix

package cli

import (
	"os"

	"golang.org/x/sys/unix"
)

// inForeground reports whether this process may read from its terminal. One
// that may not is sent SIGTTIN, which means something else here.
func inForeground(tty *os.File) bool {
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	// 0 is a group of another process-id namespace.
	return err != nil || group == 0 || group == unix.Getpgrp()
}
