//go:build unix

package main

import "syscall"

// ownSession gives a process a session of its own. Linux shares processor time
// between sessions (sched_autogroup_enabled), and gcl-tui's workers have one
// each: so does everything here, for equal shares.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
