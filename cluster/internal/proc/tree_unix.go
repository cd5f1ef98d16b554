//go:build unix && !linux

package proc

import "golang.org/x/sys/unix"

type tree struct {
	pid  int
	mark string
}

// killTree kills the groups: other processes' environments cannot be read here.
func killTree(trees []tree) {
	for _, t := range trees {
		if t.pid != 0 {
			_ = unix.Kill(-t.pid, unix.SIGKILL)
		}
	}
}
