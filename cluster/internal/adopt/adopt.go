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

// Listener is a worker's socket, bound to the public address, that is to listen
// on it beside those of other workers.
type Listener struct {
	// Addr is the address that it is bound to, v4-mapped if it is an IPv6
	// socket, V6Only as in Bind.
	Addr   netip.AddrPort
	V6Only bool
	// Socket is a descriptor of it. It is valid only during the call.
	Socket int
	// Backlog is what the program asks for.
	Backlog int
	// Several is set if the program itself shares the address between sockets
	// of its own; otherwise a new one replaces the one before.
	Several bool
}

// Host decides for a worker. Its methods are called from the session's
// goroutine, one at a time.
type Host interface {
	// Bind returns the private address for a socket, or the errno that the
	// program is to see. Asked again for the same address it returns the same.
	// If it returns the wanted address itself, the socket is bound there,
	// to be shared in the kernel: Join follows instead of Listening.
	Bind(Bind) (netip.AddrPort, syscall.Errno)
	// Bound says at which address the socket ended up, if not at the one that
	// Bind returned, because its port was taken.
	Bound(want, private netip.AddrPort)
	// Listening says that connections to a private address are taken from now on.
	Listening(private netip.AddrPort)
	// Join makes a socket on the public address listen. It returns the errno
	// that the program is to see.
	Join(Listener) syscall.Errno
	// ListeningUnix says that the worker listens on a Unix socket, named as in
	// "unix:/run/app.sock", or "unix:@app" for an abstract one.
	ListeningUnix(name string)
	// Replaced says whether the worker is to end while the program goes on, so
	// that others come after it.
	Replaced() bool
}
