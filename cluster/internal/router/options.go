package router

import (
	"net/netip"
	"time"
)

// Policy says how a ready backend is picked for a request.
type Policy int

// The policies.
const (
	// LeastInFlight picks the backend with the fewest requests in flight,
	// equal ones in turn.
	LeastInFlight Policy = iota
	// RoundRobin picks the backends in turn.
	RoundRobin
)

// Options says how a Router behaves. The zero value is usable.
type Options struct {
	Policy Policy
	// Hold is how long a request waits while no backend is ready (30 s).
	Hold time.Duration
	// MaxHeld bounds how many requests wait at a time (10,000: at 16 KB of
	// buffer each that is 160 MB at worst). Beyond it the answer is 503 at once.
	MaxHeld int
	// Silence is how long a connection that nobody can look into has been silent when
	// it is certainly idle: what has been under way all that time is not waited for when
	// its backend leaves (10 s).
	Silence time.Duration
	// Own says whether a local address is some worker's private one. A
	// listener on the wildcard address also gets the connections meant for
	// a private address whose listener is gone; routing them would loop, so
	// they are reset. It is called by the accept loop of each port; nil
	// means that no address is private.
	Own func(netip.Addr) bool
	// Explain says why no backend is ready, in detail only if that is asked for.
	// It is called from the goroutine of the connection that is refused and must
	// not wait for anybody; nil means no reason.
	Explain func(detailed bool) Explanation
	// Trust says whether a client at that address may see the details of an
	// Explanation, if the request did not come through a proxy; nil means that
	// those on the loopback interface may.
	Trust func(client netip.Addr) bool
	// LiveReload has the pages that browsers show be loaded again when another
	// generation serves; see live.go.
	LiveReload bool
}

func (o Options) withDefaults() Options {
	if o.Hold == 0 {
		o.Hold = 30 * time.Second
	}
	if o.MaxHeld == 0 {
		o.MaxHeld = 10_000
	}
	if o.Silence == 0 {
		o.Silence = 10 * time.Second
	}
	if o.Own == nil {
		o.Own = func(netip.Addr) bool { return false }
	}
	if o.Explain == nil {
		o.Explain = func(bool) Explanation { return Explanation{} }
	}
	if o.Trust == nil {
		o.Trust = netip.Addr.IsLoopback
	}
	return o
}
