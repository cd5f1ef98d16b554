package router

import (
	"slices"
	"sync"
	"time"
)

// Receipt says what clients went through between two points in time.
type Receipt struct {
	// Requests counts those that ended, Failed those of them that a client
	// saw fail for want of a backend: no whole response, or a 502 or 503 by
	// the router.
	Requests, Failed uint64
	// MaxWait is the longest that a request waited before it was with the
	// backend that answered it, because no backend was ready or one failed.
	MaxWait time.Duration
}

// Mark is the beginning of a receipt. Its methods are safe from any goroutine.
type Mark struct {
	r                *Router
	requests, failed uint64
	maxWait          time.Duration // under marks.mu
}

// marks are the receipts under way.
type marks struct {
	mu   sync.Mutex
	open []*Mark
}

// Mark begins a receipt. Close it after use.
func (r *Router) Mark() *Mark {
	s := r.Stats()
	m := &Mark{r: r, requests: s.Requests, failed: s.Errors + s.Refused}
	r.marks.mu.Lock()
	defer r.marks.mu.Unlock()
	r.marks.open = append(r.marks.open, m)
	return m
}

// Receipt returns what has happened since the mark was made.
func (m *Mark) Receipt() Receipt {
	s := m.r.Stats()
	m.r.marks.mu.Lock()
	defer m.r.marks.mu.Unlock()
	return Receipt{
		Requests: s.Requests - m.requests,
		Failed:   s.Errors + s.Refused - m.failed,
		MaxWait:  m.maxWait,
	}
}

// Close ends the mark: waits are no longer noted.
func (m *Mark) Close() {
	all := &m.r.marks
	all.mu.Lock()
	defer all.mu.Unlock()
	all.open = slices.DeleteFunc(all.open, func(o *Mark) bool { return o == m })
}

// note records how long a request waited, in nanoseconds.
func (a *marks) note(wait int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.open {
		m.maxWait = max(m.maxWait, time.Duration(wait))
	}
}
