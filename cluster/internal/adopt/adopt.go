package adopt

import (
	"net/netip"
	"syscall"
)

// ShimArg is the first argument of a process that is to call RunShim.
const ShimArg = "gcl-tui:shim"

// Bind is a worker's wish to bind a TCP socket.
type Bind struct {
	// Want is the address as the program gave it.
	Want netip.AddrPort
	// V6Only is set for an IPv6 socket that does not take IPv4 (IPV6_V6ONLY).
	V6Only bool
}

// Host decides for a worker. Its methods are called from the session's
// goroutine, one at a time.
type Host interface {
	// Bind returns the private address for a socket, or the errno that the
	// program is to see. Asked again for the same address it returns the same.
	Bind(Bind) (netip.AddrPort, syscall.Errno)
	// Bound says at which address the socket ended up, if not at the one that
	// Bind returned, because its port was taken.
	Bound(want, private netip.AddrPort)
	// Listening says that connections to a private address are taken from now on.
	Listening(private netip.AddrPort)
}
