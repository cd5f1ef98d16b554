package router

import (
	"net/netip"
	"slices"
	"sync/atomic"
	"time"
)

// Backend is one worker process. Its methods are safe from any goroutine.
type Backend struct {
	r  *Router
	id int

	state      atomic.Int32 // a backendState; written under r.mu
	generation atomic.Int64

	routes  map[*Port]*route // under r.mu
	former  []*route         // unbound ones; under r.mu
	dead    chan struct{}    // closed by Close
	drained chan struct{}    // of the drain under way, else nil; under r.mu

	window window // of latencies; under r.statsMu
	counters
}

type backendState = int32

const (
	stateStarting backendState = iota // or set aside by Shift
	stateReady
	stateDraining
	stateClosed
)

// NewBackend adds a worker process. It is not ready yet. id is for the
// caller's own use.
func (r *Router) NewBackend(id int) *Backend {
	b := &Backend{r: r, id: id, routes: make(map[*Port]*route), dead: make(chan struct{})}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.backends = append(r.backends, b)
	return b
}

// ID returns what NewBackend was given.
func (b *Backend) ID() int { return b.id }

// Bind says that the worker serves port p at the private address addr. A
// backend is given requests only of the ports that it has bound. It may be
// called before and after Ready; binding a port again replaces the address.
func (b *Backend) Bind(p *Port, addr netip.AddrPort) {
	b.r.mu.Lock()
	defer b.r.mu.Unlock()
	if b.state.Load() == stateClosed {
		return
	}
	b.unbind(p)
	rt := newRoute(b, p, addr)
	rt.shut = b.state.Load() == stateDraining
	b.routes[p] = rt
	p.publish()
}

// Unbind says that the worker no longer listens on p. What is in flight goes on.
func (b *Backend) Unbind(p *Port) {
	b.r.mu.Lock()
	defer b.r.mu.Unlock()
	b.unbind(p)
	p.publish()
}

func (b *Backend) unbind(p *Port) {
	if old := b.routes[p]; old != nil {
		delete(b.routes, p)
		old.setShut(true)
		b.former = append(slices.DeleteFunc(b.former, (*route).bury), old)
	}
}

// Ready lets the backend have requests on the ports it has bound. It also calls
// off a drain, whose channel then stays open.
func (b *Backend) Ready() {
	b.r.mu.Lock()
	defer b.r.mu.Unlock()
	b.drained = nil
	b.become(stateReady)
}

// IsReady says whether the backend may have requests.
func (b *Backend) IsReady() bool { return b.state.Load() == stateReady }

// Drain gives the backend nothing new, closes its idle connections and has the
// clients of HTTP/2 tunnels told to go elsewhere. The channel is closed once
// nothing is in flight to it, tunnels included; what does not end by itself is
// ended by Close.
func (b *Backend) Drain() <-chan struct{} {
	b.r.mu.Lock()
	defer b.r.mu.Unlock()
	if b.drained == nil {
		b.drained = make(chan struct{})
	}
	done := b.drained
	b.become(stateDraining)
	b.sendAway(nil)
	b.checkDrained()
	return done
}

// sendAway has the clients of HTTP/2 connections to the backend told to go
// elsewhere. It appends to told what is closed when they are. The caller holds
// r.mu, and the backend is not ready: then no other connection comes to be.
func (b *Backend) sendAway(told []<-chan struct{}) []<-chan struct{} {
	for _, rt := range b.routes {
		told = rt.sendAway(told)
	}
	for _, rt := range b.former {
		told = rt.sendAway(told)
	}
	return told
}

// Close says that the process is dead: what it had sent is delivered, then its
// exchanges fail or go to another backend, and its connections are closed. Its
// counts stay in the router's.
func (b *Backend) Close() {
	b.r.mu.Lock()
	defer b.r.mu.Unlock()
	if b.state.Load() != stateClosed {
		close(b.dead)
	}
	b.become(stateClosed)
	for _, rt := range b.routes {
		rt.kill()
	}
	for _, rt := range b.former {
		rt.kill()
	}
	b.checkDrained()
}

// deathNotice is how long after the connections of a process have ended Close may
// come: whoever started it waits for its end, and a moment for its last words.
const deathNotice = 200 * time.Millisecond

// dies says whether the backend of a connection that has ended is closed as well,
// or will be in a moment.
func (b *Backend) dies() bool {
	limit := time.NewTimer(b.r.deathNotice)
	defer limit.Stop()
	select {
	case <-b.dead:
		return true
	case <-limit.C:
	case <-b.r.ctx.Done():
	}
	return false
}

// become changes the state and what follows from it. The caller holds r.mu.
func (b *Backend) become(s backendState) {
	if b.state.Load() == stateClosed {
		return
	}
	b.state.Store(s)
	for p, rt := range b.routes {
		rt.setShut(s > stateReady)
		p.publish()
	}
}

// enter counts a request in. It returns false if the backend is to have none.
func (b *Backend) enter() bool {
	b.inFlight.Add(1)
	if b.state.Load() == stateReady {
		return true
	}
	b.leave()
	return false
}

// leave counts a request out.
func (b *Backend) leave() {
	b.inFlight.Add(-1)
	b.left()
}

// left ends a drain if this was the last that it waited for. The state is read
// after the count was changed, and Drain does it the other way round, so that
// one of the two sees the end.
func (b *Backend) left() {
	if b.state.Load() > stateReady {
		b.r.mu.Lock()
		defer b.r.mu.Unlock()
		b.checkDrained()
	}
}

// checkDrained ends a drain if nothing is in flight. The caller holds r.mu. A
// request that becomes a tunnel is counted as both for a moment, never as none.
func (b *Backend) checkDrained() {
	if b.drained == nil || b.state.Load() <= stateReady {
		return
	}
	if b.inFlight.Load() == 0 && b.tunnels.Load() == 0 {
		select {
		case <-b.drained:
		default:
			close(b.drained)
		}
	}
}
