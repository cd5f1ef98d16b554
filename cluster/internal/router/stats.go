package router

import "time"

// Stats is what the router has seen in all, cumulative since New unless said
// otherwise.
type Stats struct {
	// Requests counts requests that are over, answered or not, those within
	// HTTP/2 tunnels included. Of other tunnels nothing is counted but bytes.
	Requests uint64
	InFlight int // requests now with a backend
	Held     int // requests now waiting for a backend
	Conns    int // client connections now open
	Tunnels  int // of these, carried as opaque tunnels
	// Status counts responses by class: [1] for 1xx (only 101, which ends
	// the request) to [5] for 5xx, those that the router itself gave
	// included.
	Status [6]uint64
	// Errors counts requests that got no whole response from a backend.
	Errors  uint64
	Refused uint64 // answered 503 by the router
	// Failed counts all that went wrong, each request once: Errors, Refused and
	// the responses of backends that are 5xx.
	Failed  uint64
	Replays uint64 // sent again after a backend was lost
	Aborted uint64 // given up by the client before the whole response was there
	// BytesIn came from clients and went to backends, BytesOut went to
	// clients.
	BytesIn, BytesOut uint64
	Latency           Latency
}

// BackendStats is what the router has seen of one backend, cumulative since
// NewBackend unless said otherwise.
type BackendStats struct {
	// Requests counts requests that are over, answered or not.
	Requests uint64
	InFlight int // requests now with it
	Tunnels  int // opaque tunnels now open to it
	Conns    int // connections now open to it, idle ones included
	// Status counts its responses by class: [1] for 1xx (only 101) to [5]
	// for 5xx.
	Status [6]uint64
	// Errors counts requests that got no whole response or a 5xx, whether or
	// not another backend answered them after that.
	Errors  uint64
	Aborted uint64 // given up by the client
	Garbled uint64 // answered with something that is no certain HTTP
	// Uncounted counts the HTTP/2 connections whose requests were counted
	// until something on them was not understood.
	Uncounted uint64
	// BytesIn went to it, BytesOut came from it.
	BytesIn, BytesOut uint64
	Latency           Latency
}

// Latency summarises response times, first byte of the request to last byte of
// the response, over the last ten seconds; tunnels are not in it. Count 0 means
// that nothing is known. Values are within 1.6 % of the true ones.
//
// The window slides when Stats is called; with calls further apart than ten
// seconds it reaches back to the call before.
type Latency struct {
	Count                    uint64
	P50, P90, P99, P999, Max time.Duration
}

// Stats returns the figures of this backend.
func (b *Backend) Stats() BackendStats {
	inFlight, tunnels := b.inFlight.Load()+b.streams.Load(), b.tunnels.Load()
	var n readings
	n.add(&b.counters)
	b.r.statsMu.Lock()
	latency := b.window.slide(clock(), &n.latency)
	b.r.statsMu.Unlock()
	return BackendStats{
		Requests:  n.requests() + n.failed,
		InFlight:  int(inFlight),
		Tunnels:   int(tunnels),
		Conns:     int(b.conns.Load()),
		Status:    n.status,
		Errors:    n.failed + n.status[5],
		Aborted:   n.aborted,
		Garbled:   n.garbled,
		Uncounted: b.uncounted.Load(),
		BytesIn:   n.bytesIn,
		BytesOut:  n.bytesOut,
		Latency:   latency,
	}
}

// Stats returns the figures of the whole router. It costs some microseconds
// per backend.
func (r *Router) Stats() Stats {
	r.statsMu.Lock()
	defer r.statsMu.Unlock()
	r.retire()
	n := r.retired
	s := Stats{
		Held:    int(r.held.Load()),
		Conns:   int(r.openConns.Load()),
		Errors:  r.errors.Load(),
		Refused: r.refused.Load(),
		Replays: r.replays.Load(),
	}
	for _, b := range r.live() {
		// In this order: what is no longer in flight is counted.
		s.InFlight += int(b.inFlight.Load() + b.streams.Load())
		s.Tunnels += int(b.tunnels.Load())
		n.add(&b.counters)
	}
	left := r.left.Load()
	s.Requests = n.requests() + s.Errors + s.Refused + left
	s.Failed = s.Errors + s.Refused + n.status[5]
	s.Status = n.status
	s.Status[5] += r.badGates.Load() + s.Refused
	s.Aborted, s.BytesIn, s.BytesOut = n.aborted+left, n.bytesIn, n.bytesOut+r.ownBytes.Load()
	s.Latency = r.window.slide(clock(), &n.latency)
	return s
}

// live returns the backends whose counts are not among the retired ones.
func (r *Router) live() []*Backend {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*Backend(nil), r.backends...)
}

// retire takes over the counts of backends that are closed and counted out. The
// caller holds statsMu.
func (r *Router) retire() {
	r.mu.Lock()
	defer r.mu.Unlock()
	kept := make([]*Backend, 0, len(r.backends))
	for _, b := range r.backends {
		if b.state.Load() == stateClosed && b.inFlight.Load()+b.tunnels.Load()+b.conns.Load() == 0 {
			r.retired.add(&b.counters)
		} else {
			kept = append(kept, b)
		}
	}
	r.backends = kept
}

// readings are counters read at one time, or sums of such.
type readings struct {
	status                   [6]uint64
	failed, aborted, garbled uint64
	bytesIn, bytesOut        uint64
	latency                  tally
}

func (n *readings) add(c *counters) {
	for i := range c.status {
		n.status[i] += c.status[i].Load()
	}
	n.failed += c.failed.Load()
	n.aborted += c.aborted.Load()
	n.garbled += c.garbled.Load()
	n.bytesIn += c.bytesIn.Load()
	n.bytesOut += c.bytesOut.Load()
	c.latency.addTo(&n.latency)
}

// requests counts those that are over and not lost.
func (n *readings) requests() uint64 {
	sum := n.aborted + n.garbled
	for _, s := range n.status {
		sum += s
	}
	return sum
}
