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
	from map[netip.AddrPort]struct{}
}

// add remembers where one came from. It is called before that is reset.
func (s *strays) add(from net.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from == nil || len(s.from) == maxStrays {
		s.from = make(map[netip.AddrPort]struct{})
	}
	s.from[addrPort(from)] = struct{}{}
}

// take says whether one came from there, and forgets it.
func (s *strays) take(from net.Addr) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := addrPort(from)
	_, ok := s.from[at]
	delete(s.from, at)
	return ok
}

func addrPort(a net.Addr) netip.AddrPort {
	tcp, ok := a.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	at := tcp.AddrPort()
	return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
}
