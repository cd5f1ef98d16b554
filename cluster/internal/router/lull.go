package router

import (
	"sync/atomic"
	"time"
)

// lull is how long a tunnel has been silent, after the backend had the last word,
// when nothing is likely to be under way on it. In a tunnel one request cannot be
// told from the next; but whoever has asked waits for an answer, and an answer
// seldom pauses for so long.
const lull = time.Second

// lastWord says whose bytes were the latest on a tunnel: it is when the backend's
// were passed on, in clock time, or one of these.
type lastWord struct {
	at      atomic.Int64
	turns   atomic.Int32 // how often the client has spoken after the backend had
	sending atomic.Bool  // bytes of the client are on their way
}

const (
	noTunnel   = -iota // nothing has begun
	clientSaid         // the client's
	passingOn          // the backend's, and they are still on their way
	noMore             // the backend's, and it is to have no more of the client's
)

// become says whose bytes are the latest from now on, and returns whose were. After
// noMore that does not change.
func (w *lastWord) become(at int64) (before int64) {
	for {
		before = w.at.Load()
		if before == noMore || w.at.CompareAndSwap(before, at) {
			return before
		}
	}
}

// client takes note of bytes of the client, or of its end: it may wait for an answer
// to all. It is called before they are passed on, and returns false if they are not
// to be.
func (w *lastWord) client() bool {
	before := w.become(clientSaid)
	if before != clientSaid {
		w.turns.Add(1)
	}
	return before != noMore
}

// clientDone comes after bytes of the client were passed on. What the backend has said
// meanwhile is no answer to all of them: so the silence begins now.
func (w *lastWord) clientDone() {
	if at := w.at.Load(); at > 0 {
		w.at.CompareAndSwap(at, clock())
	}
	w.sending.Store(false)
}

// backend takes note of bytes of the backend, and of the beginning of a tunnel. It
// is called before they are passed on, and backendDone after.
func (w *lastWord) backend() { w.become(passingOn) }

func (w *lastWord) backendDone() { w.at.CompareAndSwap(passingOn, clock()) }

// backendEnded takes note that the backend has nothing more to say. It returns true if
// it was to have no more of the client's.
func (w *lastWord) backendEnded() bool { return w.become(clock()) == noMore }

// lulled says whether there is a lull at some clock time. What is no tunnel has none
// of its own.
func (w *lastWord) lulled(now int64) bool {
	at := w.at.Load()
	return at == noTunnel || w.silent(at, now, lull)
}

// silent says whether nothing has been under way for so long, if the last word was at
// some clock time.
func (w *lastWord) silent(at, now int64, limit time.Duration) bool {
	return at > 0 && now-at >= int64(limit) && !w.sending.Load()
}

// Lull says whether nothing is in flight to the backend and nothing has been for a
// second on any of its tunnels, as far as can be told by who spoke last. It cannot
// where several things are under way at once. HTTP/2 ends by itself when its streams
// have, and TLS by a rule of its own (sealed.go).
func (b *Backend) Lull() bool {
	b.r.mu.Lock()
	defer b.r.mu.Unlock()
	if b.inFlight.Load() > 0 {
		return false
	}
	now := clock()
	for _, rt := range b.routes {
		if !rt.lulled(now) {
			return false
		}
	}
	for _, rt := range b.former {
		if !rt.lulled(now) {
			return false
		}
	}
	return true
}

func (rt *route) lulled(now int64) bool {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	for up := range rt.all {
		if up.http2 != nil || up.sealed != unsealed || !up.word.lulled(now) {
			return false
		}
	}
	return true
}

// OnlyTunnels says whether the router is stopping and all connections that clients
// still have are tunnels: then there will be no request any more. Those of HTTP/2 do
// not count, which end when their streams have.
func (r *Router) OnlyTunnels() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	var tunnels int64
	for _, b := range r.backends {
		tunnels += b.opaque()
	}
	return r.stopping.Load() && r.openConns.Load() <= tunnels
}

// opaque returns how many tunnels there are to b that nobody looks into. The caller
// holds r.mu.
func (b *Backend) opaque() (n int64) {
	for _, rt := range b.routes {
		n += rt.opaque()
	}
	for _, rt := range b.former {
		n += rt.opaque()
	}
	return n
}

func (rt *route) opaque() (n int64) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	for up := range rt.all {
		if up.http2 == nil && up.word.at.Load() != noTunnel {
			n++
		}
	}
	return n
}
