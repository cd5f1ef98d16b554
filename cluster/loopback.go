package cluster

import (
	"errors"
	"net/netip"
	"sync"
)

// loopback hands out the private addresses of this master's workers, all in
// one 127.x.0.0/16 that no other master of this machine uses.
type loopback struct {
	net netip.Prefix

	mu      sync.Mutex
	next    uint16
	used    map[netip.Addr]bool
	release func()
}

// The second octets to choose from: clear of 127.0.0.x, which resolvers and
// distributions use.
const (
	firstOctet = 64
	lastOctet  = 254
)

// newLoopback reserves a network, starting the search at a place that differs
// between masters.
func newLoopback(seed int) (*loopback, error) {
	const n = lastOctet - firstOctet + 1
	for i := range n {
		octet := byte(firstOctet + (seed+i)%n)
		release, ok := reserveOctet(octet)
		if !ok {
			continue
		}
		return &loopback{
			net:     netip.PrefixFrom(netip.AddrFrom4([4]byte{127, octet, 0, 0}), 16),
			used:    map[netip.Addr]bool{},
			release: release,
		}, nil
	}
	return nil, errors.New("all private loopback networks are taken by other masters")
}

// owns says whether an address is, or could be, a worker's private one.
func (l *loopback) owns(a netip.Addr) bool { return l.net.Contains(a.Unmap()) }

// take returns an address that nobody has.
func (l *loopback) take() netip.Addr {
	l.mu.Lock()
	defer l.mu.Unlock()
	base := l.net.Addr().As4()
	for {
		l.next++
		if l.next == 0 || l.next == 1<<16-1 { // the network's own and its broadcast
			continue
		}
		a := netip.AddrFrom4([4]byte{base[0], base[1], byte(l.next >> 8), byte(l.next)})
		if !l.used[a] {
			l.used[a] = true
			return a
		}
	}
}

func (l *loopback) give(a netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.used, a)
}
