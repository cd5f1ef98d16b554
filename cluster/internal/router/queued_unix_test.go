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

// failed says whether w is known to have failed, without taking note of it.
func failed(w *wire) bool {
	const failure = unix.POLLERR | unix.POLLHUP
	watched := []unix.PollFd{{}}
	_ = w.raw.Control(func(fd uintptr) {
		watched[0].Fd = int32(fd)
		_, _ = unix.Poll(watched, 0)
	})
	return watched[0].Revents&failure != 0
}
