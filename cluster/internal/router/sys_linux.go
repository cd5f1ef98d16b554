package router

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix" // syscall has no number of theirs where they came later (386, s390x)
)

// The sockets are non-blocking, so a call returns within microseconds: the
// scheduler need not be told of it, which syscall.Read would do at a cost that
// shows at this rate of calls. MSG_NOSIGNAL spares a SIGPIPE per closed client.

func sysRead(fd uintptr, b []byte) (int, syscall.Errno) {
	for {
		n, _, errno := syscall.RawSyscall6(unix.SYS_RECVFROM, fd,
			uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), 0, 0, 0)
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

func sysWrite(fd uintptr, b []byte) (int, syscall.Errno) {
	for {
		n, _, errno := syscall.RawSyscall6(unix.SYS_SENDTO, fd,
			uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)), syscall.MSG_NOSIGNAL, 0, 0)
		if errno == 0 {
			return int(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}

func sysSplice(from, to uintptr, most int64) (int64, syscall.Errno) {
	for {
		n, _, errno := syscall.RawSyscall6(syscall.SYS_SPLICE, from, 0, to, 0, uintptr(most), spliceNonBlock)
		if errno == 0 {
			return int64(n), 0
		}
		if errno != syscall.EINTR {
			return 0, errno
		}
	}
}
