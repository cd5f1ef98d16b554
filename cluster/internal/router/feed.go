package router

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
)

const (
	// feedSize is how many requests the feed remembers.
	feedSize = 1000
	// feedRate is up to how many requests a second all are noted. Above it they
	// are sampled, so that their number does not show in the throughput.
	feedRate = 2000
	// feedBurst is after how many in a second, because a rate rises faster
	// than it is measured, only half as many are taken.
	feedBurst = feedRate * 3 / 2
	// feedThinnest bounds how thin the sample gets.
	feedThinnest = 1 << 16
)

// feed remembers the latest requests and counts them by route. Whoever has
// carried a request notes it here himself; which ones are noted is drawn by lot,
// so that the sample is fair, and before anything about the request is looked at,
// so that the others cost nothing. A nil feed takes nothing.
type feed struct {
	every atomic.Uint32 // one request in so many is taken

	mu     sync.Mutex
	ring   [feedSize]*record // nil where there has been none yet
	noted  uint64            // in all; the next goes to noted % feedSize
	routes routes
	// Since the rate was last measured, at the clock time tuned.
	tuned        int64
	taken, stood int
}

func newFeed() *feed {
	f := &feed{tuned: clock(), routes: newRoutes(clock())}
	f.every.Store(1)
	return f
}

// take is draw for a request whose head is at the start of b, the line of which
// it puts into the record.
func (f *feed) take(b []byte) *record {
	r := f.draw()
	if r != nil {
		r.setLine(b)
	}
	return r
}

// draw draws whether a request is noted. If so it returns an empty record, which
// the caller fills and gives to note, or to drop.
func (f *feed) draw() *record {
	if f == nil {
		return nil
	}
	every := f.every.Load()
	if every > 1 && rand.Uint32N(every) != 0 {
		return nil
	}
	r := records.Get().(*record)
	r.stands = every
	return r
}

// note adds a finished record, which belongs to the feed from now on.
func (f *feed) note(r *record) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.routes.count(r)
	i := f.noted % feedSize
	f.noted++
	old := f.ring[i]
	f.ring[i] = r
	if old != nil {
		drop(old)
	}
	f.taken++
	f.stood += int(r.stands)
	if f.taken == feedBurst {
		f.taken = 0
		f.every.Store(min(f.every.Load()*2, feedThinnest))
	}
}

// tune measures the rate since it was last called and chooses how many requests
// are taken from now on. The sweeper calls it once a second.
func (f *feed) tune(now int64) {
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	elapsed := float64(now-f.tuned) / 1e9
	if elapsed <= 0 {
		return
	}
	f.every.Store(uint32(min(float64(f.stood)/elapsed/feedRate, feedThinnest-1)) + 1)
	f.tuned, f.taken, f.stood = now, 0, 0
}
