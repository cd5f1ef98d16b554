package router

import "time"

// Stats is what the router has seen in all, cumulative since New unless said
// otherwise.
type Stats struct {
	// Requests counts requests that are over, answered or not.
	Requests uint64
	InFlight int // requests now with a backend
	Held     int // requests now waiting for a backend
	Conns    int // client connections now open
	Tunnels  int // of these, carried as opaque tunnels
	// Status counts responses by class: [1] for 1xx to [5] for 5xx, those
	// that the router itself gave included.
	Status [6]uint64
	// Errors counts requests that got no whole response from a backend.
	Errors  uint64
	Refused uint64 // answered 503 by the router
	Replays uint64 // sent again to another backend
	// BytesIn came from clients, BytesOut went to them.
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
	// Status counts its responses by class: [1] for 1xx to [5] for 5xx.
	Status [6]uint64
	// Errors counts requests that got no whole response, or a 5xx.
	Errors uint64
	// BytesIn went to it, BytesOut came from it.
	BytesIn, BytesOut uint64
	Latency           Latency
}

// Latency summarises response times, first byte of the request to last byte of
// the response, over the last ten seconds; tunnels are not in it. Count 0 means
// that nothing is known. Quantiles are within 2 % of the true value.
//
// The window slides when Stats is called; with calls further apart than ten
// seconds it reaches back to the call before.
type Latency struct {
	Count                    uint64
	P50, P90, P99, P999, Max time.Duration
}

// Receipt says what clients went through between two points in time.
type Receipt struct {
	// Requests counts those that ended, Failed those of them that a client
	// saw fail for want of a backend: no whole response, or a 502 or 503 by
	// the router.
	Requests, Failed uint64
	// MaxWait is the longest that a request waited before it was with the
	// backend that answered it.
	MaxWait time.Duration
}
