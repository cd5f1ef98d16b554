package router

import "syscall"

// unread says whether the backend had closed the connection before the request
// came, so that nobody has read any of it. It is called after the connection has
// ended in order.
//
// A closed socket answers what still comes with a reset. When that reset finds
// our side in CLOSE_WAIT, so after the orderly end, Linux notes EPIPE
// (tcp_reset in net/ipv4/tcp_input.c). Had the request been received before the
// close, there would be no reset; had it been received and not read, no orderly
// end. All of it went out in one segment: a loopback segment takes 64 KB.
func (up *upstream) unread() bool {
	var pending int
	err := up.raw.Control(func(fd uintptr) {
		pending, _ = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
	})
	return err == nil && syscall.Errno(pending) == syscall.EPIPE
}
