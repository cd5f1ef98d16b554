package router

import (
	"sync"
	"sync/atomic"
)

// counters are what one backend has seen. They are on the path of every request
// and belong to no lock.
type counters struct {
	inFlight atomic.Int64
	tunnels  atomic.Int64
	streams  atomic.Int64 // requests under way within HTTP/2 tunnels
	conns    atomic.Int64 // to the backend, idle ones included

	status    [6]atomic.Uint64 // whole responses by class
	failed    atomic.Uint64    // attempts that got no whole response
	aborted   atomic.Uint64    // requests whose client left
	garbled   atomic.Uint64    // requests whose response was no HTTP
	uncounted atomic.Uint64    // HTTP/2 tunnels that were no longer understood
	bytesIn   atomic.Uint64
	bytesOut  atomic.Uint64
	latency   histogram
}

// answer counts a whole response.
func (n *counters) answer(status int, took int64) {
	n.status[status/100].Add(1)
	n.latency.record(took)
}

// totals are what does not belong to any backend, and what is left of those
// that are closed.
type totals struct {
	openConns atomic.Int64
	held      atomic.Int64
	mute      atomic.Int64  // silent clients with a connection to a backend
	refused   atomic.Uint64 // answered 503
	errors    atomic.Uint64 // answered 502, or cut within the response
	replays   atomic.Uint64
	left      atomic.Uint64 // whose client left while they were held
	ownBytes  atomic.Uint64 // of responses of the router's own
	badGates  atomic.Uint64 // answered 502
	marks     marks

	statsMu sync.Mutex
	retired readings
	window  window
}
