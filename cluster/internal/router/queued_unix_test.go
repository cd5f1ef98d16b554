//go:build unix

package router

import "golang.org/x/sys/unix"

// queued returns how many bytes have come that w has not read.
func queued(w *wire) int {
	n := 0
	_ = w.raw.Control(func(fd uintptr) {
		if waiting, err := unix.IoctlGetInt(int(fd), fionread); err == nil {
			n = waiting
		}
	})
	return n
}
