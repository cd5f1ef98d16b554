//go:build unix

package cluster

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// checkFree binds a socket to addr without SO_REUSEPORT, with which a port
// that is in use could be shared by mistake, and closes it again.
func checkFree(addr netip.AddrPort, only6 bool) error { return tryBind(addr, only6, 1) }

// bound says whether a socket is bound to addr, of this master's workers or not.
func bound(addr netip.AddrPort, only6 bool) bool {
	return errors.Is(tryBind(addr, only6, 0), syscall.EADDRINUSE)
}

// tryBind binds a socket to addr, with SO_REUSEADDR set to reuse, and closes it.
func tryBind(addr netip.AddrPort, only6 bool, reuse int) error {
	family := unix.AF_INET6
	if addr.Addr().Is4() {
		family = unix.AF_INET
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM, 0)
	if err != nil {
		if family == unix.AF_INET6 && addr.Addr().IsUnspecified() { // no IPv6 here
			return tryBind(netip.AddrPortFrom(netip.IPv4Unspecified(), addr.Port()), false, reuse)
		}
		return err
	}
	defer func() { _ = unix.Close(fd) }()
	unix.CloseOnExec(fd)
	_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, reuse)
	if family == unix.AF_INET {
		return unix.Bind(fd, &unix.SockaddrInet4{Addr: addr.Addr().As4(), Port: int(addr.Port())})
	}
	v6only := 0
	if only6 {
		v6only = 1
	}
	_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, v6only)
	return unix.Bind(fd, &unix.SockaddrInet6{Addr: addr.Addr().As16(), Port: int(addr.Port())})
}

// checkShareable fails if addr is held by a socket without SO_REUSEPORT.
func checkShareable(addr netip.AddrPort) error {
	lc := net.ListenConfig{Control: shareable}
	l, err := lc.Listen(context.Background(), network(addr, false), listenAddr(addr))
	if err != nil {
		return err
	}
	return l.Close()
}

// shareable lets workers' listeners on private loopback addresses live beside
// the wildcard listener on the same port: all of them need SO_REUSEPORT.
func shareable(_, _ string, c syscall.RawConn) error {
	var failed error
	if err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	}); err != nil {
		return err
	}
	return failed
}
