package router

import "syscall"

// Unpace has what is sent on the connections of a socket go out at once: it is for
// those to and from this machine. Some systems use BBR for all connections, which
// spreads the segments over time by a timer each: sensible on a network, but on the
// loopback device it costs half of the throughput. Reno does not pace, and every
// Linux has and allows it (tcp(7), tcp_allowed_congestion_control).
//
// It must come before the connections. One that has begun with BBR keeps the timers
// when it goes on with Reno (sk_pacing_status is only ever set), if fewer; and what
// a timer sends can overtake, on another core's queue, what was sent before.
func Unpace(c syscall.RawConn) {
	_ = c.Control(func(fd uintptr) {
		_ = syscall.SetsockoptString(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CONGESTION, "reno")
	})
}
