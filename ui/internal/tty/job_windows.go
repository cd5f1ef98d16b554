package tty

import "os"

// InForeground is true: a Windows console has no background.
func InForeground(*os.File) bool { return true }

// NotifyContinued does nothing: no process is stopped on Windows.
func NotifyContinued(chan<- os.Signal) {}

// StopJob does nothing on Windows.
func StopJob() {}
