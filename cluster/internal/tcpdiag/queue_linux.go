package tcpdiag

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// Queue returns how many connections wait in a listening socket's queue to be
// accepted. In a listening socket's TCP_INFO, tcpi_unacked is that number
// (tcp_get_info in the kernel's net/ipv4/tcp.c). An MPTCP socket is answered for
// by the TCP socket inside it, since Linux 5.16.
//
// The kernel counts for any duplicate of the socket, in whatever process. Other
// sockets of a SO_REUSEPORT group have queues of their own. It fails for what
// is no TCP socket and for one that does not listen.
func Queue(fd int) (int, error) {
	info, err := unix.GetsockoptTCPInfo(fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	if errors.Is(err, unix.EOPNOTSUPP) {
		err = fmt.Errorf("%w: %w", ErrUnsupported, err)
	}
	if err != nil {
		return 0, fmt.Errorf("read accept queue of descriptor %d: getsockopt TCP_INFO: %w", fd, err)
	}
	if info.State != listening {
		return 0, fmt.Errorf("read accept queue of descriptor %d: the socket does not listen", fd)
	}
	return int(info.Unacked), nil
}
