package router

import (
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
)

// errClosed says that the backend was closed meanwhile.
var errClosed = errors.New("backend closed")

// route is what one backend serves one port with: a private address and the
// connections to it. Idle ones are used last in, first out, so that few stay
// warm and the rest grow old.
type route struct {
	b    *Backend
	port *Port
	addr netip.AddrPort
	turn atomic.Uint64 // when it was last picked, counted in picks

	mu   sync.Mutex
	shut bool                   // idle connections are closed at once
	dead bool                   // no new connection
	idle []*upstream            // the oldest first
	kept map[*upstream]struct{} // idle too, each for one client only
	all  map[*upstream]struct{} // idle and in use
	mute map[*upstream]struct{} // waiting for either side's first word
}

func newRoute(b *Backend, p *Port, addr netip.AddrPort) *route {
	return &route{b: b, port: p, addr: addr, kept: make(map[*upstream]struct{}), all: make(map[*upstream]struct{})}
}

// take returns a connection that has been idle since some clock time or later,
// or nil.
func (rt *route) take(since int64) *upstream {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	n := len(rt.idle)
	if n == 0 || rt.idle[n-1].idle < since {
		return nil
	}
	up := rt.idle[n-1]
	rt.idle[n-1] = nil
	rt.idle = rt.idle[:n-1]
	return up
}

// put gives a connection back after an exchange whose end was certain: for all,
// or if it has carried a body, for its client to claim.
func (rt *route) put(up *upstream, now int64) {
	up.used, up.idle = true, now
	rt.mu.Lock()
	if rt.shut {
		rt.mu.Unlock()
		up.close()
		return
	}
	if up.bodied {
		rt.kept[up] = struct{}{}
	} else {
		rt.idle = append(rt.idle, up)
	}
	rt.mu.Unlock()
}

// adopt takes note of a new connection. It returns false if the backend was
// closed meanwhile.
func (rt *route) adopt(up *upstream) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if rt.dead {
		return false
	}
	rt.all[up] = struct{}{}
	rt.b.conns.Add(1)
	return true
}

// disown forgets a connection that was closed.
func (rt *route) disown(up *upstream) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if _, ok := rt.all[up]; ok {
		delete(rt.all, up)
		rt.b.conns.Add(-1)
	}
}

// setShut says whether connections are to be closed rather than kept idle.
func (rt *route) setShut(shut bool) {
	rt.mu.Lock()
	rt.shut = shut
	if shut {
		for up := range rt.mute {
			up.interrupt()
		}
	}
	rt.mu.Unlock()
	if shut {
		rt.closeIdle(maxTime)
	}
}

// closeIdle closes the idle connections put back before a clock time.
func (rt *route) closeIdle(before int64) {
	rt.mu.Lock()
	n := 0
	for n < len(rt.idle) && rt.idle[n].idle < before {
		n++
	}
	old := append([]*upstream(nil), rt.idle[:n]...)
	rest := copy(rt.idle, rt.idle[n:])
	clear(rt.idle[rest:])
	rt.idle = rt.idle[:rest]
	for up := range rt.kept {
		if up.idle < before {
			delete(rt.kept, up)
			old = append(old, up)
		}
	}
	rt.mu.Unlock()
	for _, up := range old {
		up.close()
	}
}

// kill lets no new connection come up and interrupts those in use, so that each
// looks at what is left to read and then finds the backend closed.
func (rt *route) kill() {
	rt.mu.Lock()
	rt.dead = true
	for up := range rt.all {
		_ = up.tcp.SetDeadline(past)
	}
	rt.mu.Unlock()
	rt.setShut(true)
}

// bury lets no new connection come up if none is left, and reports whether that is
// so.
func (rt *route) bury() bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	empty := len(rt.all) == 0
	rt.dead = rt.dead || empty
	return empty
}

// setSilent says whether up waits for a first word. If the route is shut
// meanwhile, the wait is interrupted.
func (rt *route) setSilent(up *upstream, waits bool) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if !waits {
		delete(rt.mute, up)
		return
	}
	if rt.mute == nil {
		rt.mute = make(map[*upstream]struct{})
	}
	rt.mute[up] = struct{}{}
	if rt.shut {
		up.interrupt()
	}
}

// observe takes note of who looks on at a connection that carries HTTP/2.
func (rt *route) observe(up *upstream, h *http2) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	up.http2 = h
}

// endLook forgets what there was to be seen in a connection that its backend has ended:
// its rules for an end do not hold any more.
func (rt *route) endLook(up *upstream) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	up.http2, up.sealed = nil, unsealed
}

// sendAway has the clients of HTTP/2 connections told to go elsewhere, and idle
// connections with TLS ended if the backend is to have nothing new. It appends to told
// what is closed when they are told.
func (rt *route) sendAway(told []<-chan struct{}) []<-chan struct{} {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	for up := range rt.all {
		if up.sealed == byTLS && !rt.b.IsReady() {
			up.retire()
			up.interrupt()
		}
		if up.http2 == nil {
			continue
		}
		if done := up.http2.sendAway(); done != nil {
			told = append(told, done)
			up.interrupt()
		}
	}
	return told
}

// wanted says whether connections are worth keeping.
func (rt *route) wanted() bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	return !rt.shut
}
