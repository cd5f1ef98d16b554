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
	from map[netip.AddrPort]int64 // when, in clock time
}

// add remembers where one came from. It is called before that is reset.
func (s *strays) add(from net.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from == nil || len(s.from) == maxStrays {
		s.from = make(map[netip.AddrPort]int64)
	}
	s.from[addrPort(from)] = clock()
}

// take says whether one came from there since some clock time, and forgets it. The
// port may have been somebody else's before.
func (s *strays) take(from net.Addr, since int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := addrPort(from)
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
