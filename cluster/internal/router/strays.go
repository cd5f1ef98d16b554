package router

import (
	"net"
	"net/netip"
	"sync"
)

// maxStrays bounds how many are remembered: not all come from this router.
const maxStrays = 1024

// strays are connections that were meant for a worker's private address and came
// to a public port that is bound to all addresses, since nobody listens there any
// more: the worker is dead, and the master has not heard of it yet.
type strays struct {
	mu   sync.Mutex
	from map[stray]int64 // when, in clock time
}

// stray names a connection by both ends: the kernel gives one port of this side to
// several connections, if they go to different addresses.
type stray struct{ from, to netip.AddrPort }

// add remembers one. It is called before that is reset.
func (s *strays) add(from, to net.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from == nil || len(s.from) == maxStrays {
		s.from = make(map[stray]int64)
	}
	s.from[stray{addrPort(from), addrPort(to)}] = clock()
}

// take says whether there was one between these ends since some clock time, and
// forgets it. The port may have been somebody else's before.
func (s *strays) take(from, to net.Addr, since int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := stray{addrPort(from), addrPort(to)}
	when, ok := s.from[at]
	delete(s.from, at)
	return ok && when >= since
}

func addrPort(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	at := tcp.AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}
