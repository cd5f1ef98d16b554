//go:build unix

package tty

import (
	"os"
	"os/signal"

	"golang.org/x/sys/unix"
)

// InForeground reports whether this process may read from its terminal. One
// that may not is sent SIGTTIN, which means something else here.
func InForeground(tty *os.File) bool {
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	// 0 is a group of another process-id namespace.
	return err != nil || group == 0 || group == unix.Getpgrp()
}

// NotifyContinued has c told when this process goes on after it was stopped.
func NotifyContinued(c chan<- os.Signal) { signal.Notify(c, unix.SIGCONT) }

// StopJob stops this process and those of its group, as a terminal stops a job
// in the background that reads from it.
func StopJob() { _ = unix.Kill(0, unix.SIGSTOP) }
