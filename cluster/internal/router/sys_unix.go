//go:build unix && !linux

package router

import (
	"errors"
	"syscall"
)

func sysRead(fd uintptr, b []byte) (int, syscall.Errno) { return call(syscall.Read, fd, b) }

func sysWrite(fd uintptr, b []byte) (int, syscall.Errno) { return call(syscall.Write, fd, b) }

func call(f func(int, []byte) (int, error), fd uintptr, b []byte) (int, syscall.Errno) {
	for {
		n, err := f(int(fd), b)
		var errno syscall.Errno
		if err == nil {
			return n, 0
		}
		if !errors.As(err, &errno) {
			return 0, syscall.EIO
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}
