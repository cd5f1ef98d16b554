package adopt

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// notification is struct seccomp_notif of <linux/seccomp.h>.
type notification struct {
	id    uint64
	tid   uint32
	flags uint32
	data  struct {
		nr   int32
		arch uint32
		ip   uint64
		args [6]uint64
	}
}

// response is struct seccomp_notif_resp.
type response struct {
	id    uint64
	val   int64
	error int32
	flags uint32
}

// addfd is struct seccomp_notif_addfd, since Linux 5.9.
type addfd struct {
	id         uint64
	flags      uint32
	srcfd      uint32
	newfd      uint32
	newfdFlags uint32
}

// The ioctl requests of a notification descriptor, as <linux/seccomp.h> builds
// them with the magic '!'.
const (
	ioctlRecv    = 3<<30 | unsafe.Sizeof(notification{})<<16 | '!'<<8 // number 0
	ioctlSend    = 3<<30 | unsafe.Sizeof(response{})<<16 | '!'<<8 | 1
	ioctlIDValid = 1<<30 | 8<<16 | '!'<<8 | 2
	ioctlAddFD   = 1<<30 | unsafe.Sizeof(addfd{})<<16 | '!'<<8 | 3
)

func ioctl(fd, request uintptr, arg unsafe.Pointer) unix.Errno {
	for {
		_, _, errno := unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(arg))
		if errno != unix.EINTR {
			return errno
		}
	}
}

// receive takes the next notification. It would block if none waits, so poll
// first; one that was withdrawn meanwhile is ENOENT.
func receive(fd uintptr) (notification, unix.Errno) {
	var n notification // the kernel insists on zeroes
	errno := ioctl(fd, ioctlRecv, unsafe.Pointer(&n))
	return n, errno
}

// stillValid says whether the thread still waits in this very call, so that
// what was read from it was its own.
func stillValid(fd uintptr, id uint64) bool {
	return ioctl(fd, ioctlIDValid, unsafe.Pointer(&id)) == 0
}

// proceed lets the kernel carry out the call as the program made it.
func proceed(fd uintptr, id uint64) {
	r := response{id: id, flags: unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE}
	_ = ioctl(fd, ioctlSend, unsafe.Pointer(&r))
}

// answer ends the call with 0 or, if errno is not 0, with -1 and errno.
func answer(fd uintptr, id uint64, errno unix.Errno) {
	r := response{id: id, error: -int32(errno)}
	_ = ioctl(fd, ioctlSend, unsafe.Pointer(&r))
}

// pending says whether a notification waits, and whether no process is left
// that could cause one.
func pending(fd uintptr) (waiting, ended bool) {
	p := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	for {
		_, err := unix.Poll(p, 0)
		if err != unix.EINTR {
			break
		}
	}
	return p[0].Revents&unix.POLLIN != 0, p[0].Revents&(unix.POLLHUP|unix.POLLERR|unix.POLLNVAL) != 0
}
