package router

import "syscall"

// unpace takes care that what is sent to a peer on this machine goes out at once.
// Some systems use BBR for all connections, which spreads the segments over time
// by a timer each: sensible on a network, but on the loopback device it costs a
// third of the throughput. Reno does not pace, and every Linux has and allows it
// (tcp(7), tcp_allowed_congestion_control).
func (w *wire) unpace() {
	if w.unpaced {
		return
	}
	w.unpaced = true
	_ = w.raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptString(int(fd), syscall.IPPROTO_TCP, syscall.TCP_CONGESTION, "reno")
	})
}
