//go:build unix

package main

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// ownSession gives a process a session of its own. Linux shares processor time
// between sessions (sched_autogroup_enabled), and gcl-tui's workers have one
// each: so does everything here, for equal shares.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

// sharePort lets several sockets listen on one address (socket(7),
// SO_REUSEPORT).
func sharePort(_, _ string, c syscall.RawConn) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	})
	if err != nil {
		return err
	}
	return failed
}
