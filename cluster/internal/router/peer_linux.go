package router

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// unread says whether the backend had closed the connection before a request of so
// many bytes came, so that nobody has read any of it. It is called after the
// connection has ended in order.
//
// A closed socket answers what still comes with a reset. When that reset finds
// our side in CLOSE_WAIT, so after the orderly end, Linux notes EPIPE
// (tcp_reset in net/ipv4/tcp_input.c). A backend that ends its direction, then
// closes with part of the request unread, causes the same; but the end that it
// has sent acknowledges what was received, be it the first segment of several, and
// a closed socket acknowledges nothing.
func (up *upstream) unread(size int) bool {
	var pending int
	var info *unix.TCPInfo
	var failure error
	err := up.raw.Control(func(fd uintptr) {
		pending, _ = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
		info, failure = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
	})
	if err != nil || failure != nil || syscall.Errno(pending) != syscall.EPIPE {
		return false
	}
	// The handshake counts as one byte acknowledged, and none sent.
	return info.Bytes_acked+uint64(size) <= info.Bytes_sent-info.Bytes_retrans+1
}
