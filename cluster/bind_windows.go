package cluster

import (
	"net"
	"net/netip"
	"syscall"
)

// checkFree listens on addr and closes again.
func checkFree(addr netip.AddrPort, only6 bool) error {
	l, err := net.Listen(network(addr, only6), listenAddr(addr))
	if err != nil {
		return err
	}
	return l.Close()
}

// bound is true: without adoption nobody asks.
func bound(netip.AddrPort, bool) bool { return true }

// shareable has nothing to set: without adoption no address is shared.
func shareable(_, _ string, _ syscall.RawConn) error { return nil }

// checkShareable is checkFree: without adoption no address is shared.
func checkShareable(addr netip.AddrPort) error { return checkFree(addr, false) }
