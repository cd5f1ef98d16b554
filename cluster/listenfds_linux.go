package cluster

import (
	"fmt"
	"net"
	"net/netip"

	"golang.org/x/sys/unix"
)

// queueProbe tells whether anybody accepts from a listener: it leaves one
// connection in the accept queue and sees whether it stays there.
type queueProbe struct {
	listener *net.TCPListener // the master's own duplicate
	conn     net.Conn
}

// passableListener opens a socket that listens on loopback and hands it to the
// worker as a passed one.
func passableListener(st *start) (netip.AddrPort, *queueProbe, error) {
	l, err := net.ListenTCP("tcp4", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return netip.AddrPort{}, nil, fmt.Errorf("open a socket to pass on: %w", err)
	}
	file, err := l.File()
	if err != nil {
		_ = l.Close()
		return netip.AddrPort{}, nil, err
	}
	st.listener = file // closed once the worker has it
	return l.Addr().(*net.TCPAddr).AddrPort(), &queueProbe{listener: l}, nil
}

// taken says whether the worker has accepted the probing connection: for a
// listener, tcpi_unacked is the length of the accept queue.
func (p *queueProbe) taken() bool {
	if p.conn == nil {
		conn, err := net.Dial("tcp4", p.listener.Addr().String())
		if err != nil {
			return false
		}
		p.conn = conn
	}
	raw, err := p.listener.SyscallConn()
	if err != nil {
		return false
	}
	queued := uint32(1)
	if err := raw.Control(func(fd uintptr) {
		if info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO); err == nil {
			queued = info.Unacked
		}
	}); err != nil {
		return false
	}
	return queued == 0
}

func (p *queueProbe) close() {
	if p.conn != nil {
		_ = p.conn.Close()
	}
	_ = p.listener.Close()
}
