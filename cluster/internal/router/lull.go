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
type lastWord struct{ at atomic.Int64 }

const (
	noTunnel   = -iota // nothing has begun
	clientSaid         // the client's
	passingOn          // the backend's, and they are still on their way
)

// client takes note of bytes of the client. It is called before they are passed on.
func (w *lastWord) client() { w.at.Store(clientSaid) }

// backend takes note of bytes of the backend, and of the beginning of a tunnel. It
// is called before they are passed on, and backendDone after.
func (w *lastWord) backend() { w.at.Store(passingOn) }

func (w *lastWord) backendDone() { w.at.CompareAndSwap(passingOn, clock()) }

// lulled says whether there is a lull at some clock time. What is no tunnel has none
// of its own.
func (w *lastWord) lulled(now int64) bool {
	at := w.at.Load()
	return at == noTunnel || at > 0 && now-at >= int64(lull)
}

// Lull says whether nothing is in flight to the backend and nothing has been for a
// second on any of its tunnels, as far as can be told by who spoke last. HTTP/2 is
// not judged so: it ends by itself when its streams have.
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
		if up.http2 != nil || !up.word.lulled(now) {
			return false
		}
	}
	return true
}
