package tcpdiag

import (
	"errors"
	"net/netip"
	"time"
)

// ErrUnsupported is returned, perhaps wrapped with the reason, where the system
// does not tell of its connections: not Linux, or a kernel or sandbox without
// sock_diag.
var ErrUnsupported = errors.New("connections cannot be listed on this system")

// Conn is one TCP connection, seen from this machine's end. An MPTCP connection
// shows as its subflows, which share an Inode.
type Conn struct {
	// Local and Remote are the two ends. A v4-mapped IPv6 address is unmapped;
	// there is no zone.
	Local, Remote netip.AddrPort
	// Inode is the socket's number, as in "socket:[N]" of /proc/PID/fd. It is 0
	// while the connection waits to be accepted.
	Inode uint32
	// BytesIn counts payload received in order, whether the program has read it
	// or not. BytesOut counts payload that the peer has acknowledged. Neither
	// counts what TCP retransmits; data that MPTCP sends twice, on one subflow
	// or two, counts twice.
	BytesIn, BytesOut uint64
	// RTT is the smoothed round-trip time (RFC 6298), 0 before it was measured.
	RTT time.Duration
	// Silent is how long no payload has come or been sent.
	Silent time.Duration
	// Owing says that the program may have to answer yet: the peer has spoken last, or
	// something is on its way or unread. The kernel tells times in ticks, of 1 to 10
	// ms: a peer that speaks within the tick of the last answer is not seen to.
	Owing bool
}

// Established returns the connections with a local port that can still carry
// data out: those in state ESTABLISHED or CLOSE_WAIT, IPv4 and IPv6, accepted or
// not, in no order. One that comes or goes meanwhile may be missed or not. A
// connection made from this machine that happens to have that local port is
// among them.
//
// It opens a socket for the one question; see [Reader] for many.
func Established(port uint16) ([]Conn, error) {
	var r Reader
	defer r.Close()
	return r.Established(port)
}

// Connected returns the connections with a local port in whatever state, from the
// SYN that was sent or answered to what is left after the end (TIME-WAIT). Of some
// only the ends are told.
func Connected(port uint16) ([]Conn, error) {
	var r Reader
	defer r.Close()
	return r.Connected(port)
}

// HalfOpen returns the connections with a local port that are in the handshake:
// the client's SYN was answered, but the ACK that ends it has not come, or,
// with TCP_DEFER_ACCEPT (tcp(7)), not yet its first data. Which of several
// listeners they belong to is not told, nor anything but their ends.
func HalfOpen(port uint16) ([]Conn, error) {
	var r Reader
	defer r.Close()
	return r.HalfOpen(port)
}
