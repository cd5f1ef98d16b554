package router

import (
	"sync"
	"sync/atomic"
)

// registry holds the open connections in slots that lie side by side in memory,
// so that looking at all of them costs little.
type registry struct {
	mu     sync.Mutex
	chunks []*[chunkSlots]slot // only ever appended to
	free   []*slot
}

const chunkSlots = 64

// slot is where a connection says what it waits for. It fills a cache line, so
// that connections on different cores do not disturb each other.
type slot struct {
	state atomic.Uint64 // a serial number and, in the low bits, a phase
	up    atomic.Pointer[upstream]
	next  uint64 // serial number; the connection's own
	c     *conn  // under registry.mu; nil if the slot is free

	seen  uint64 // state at the sweep before; the sweeper's own
	ticks int    // sweeps since the state has not changed
	_     [16]byte
}

// phase is what a connection waits for.
type phase = uint64

const (
	idle      phase = iota // a request, or anything that may take its time
	silent                 // the first byte of a new connection
	partial                // the rest of a head
	answering              // a backend's response
	mute                   // the first byte, after a while
	leaving                // an HTTP/2 client that was told to go elsewhere
	phases    = 8
)

// set says what the connection waits for from now on.
func (s *slot) set(p phase) {
	s.next++
	s.state.Store(s.next*phases | p)
}

// add gives c a slot.
func (g *registry) add(c *conn) *slot {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.free) == 0 {
		chunk := new([chunkSlots]slot)
		g.chunks = append(g.chunks, chunk)
		for i := range chunk {
			g.free = append(g.free, &chunk[i])
		}
	}
	s := g.free[len(g.free)-1]
	g.free = g.free[:len(g.free)-1]
	s.c = c
	return s
}

// remove frees a slot.
func (g *registry) remove(s *slot) {
	s.set(idle)
	s.up.Store(nil)
	g.mu.Lock()
	defer g.mu.Unlock()
	s.c = nil
	g.free = append(g.free, s)
}

// each calls f, which must not block, for every open connection.
func (g *registry) each(f func(*conn)) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, chunk := range g.chunks {
		for i := range chunk {
			if c := chunk[i].c; c != nil {
				f(c)
			}
		}
	}
}

// all returns the slots of now and before, in chunks.
func (g *registry) all() []*[chunkSlots]slot {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.chunks
}

// wake interrupts the wait that a connection was found in, if it still is.
func (g *registry) wake(s *slot, state uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.c == nil || s.state.Load() != state {
		return
	}
	if p := state % phases; p != answering && p != leaving {
		s.c.interrupt()
		return
	}
	if up := s.up.Load(); up != nil {
		up.interrupt()
	}
}
