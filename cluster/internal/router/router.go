package router

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Router carries client connections to backends. Its methods are safe from any
// goroutine.
type Router struct {
	opts Options

	mu       sync.Mutex
	ports    []*Port
	backends []*Backend    // closed ones too, until their counts are taken over
	changed  chan struct{} // closed and replaced when a route becomes ready

	conns    registry
	sweep    sweeper
	feed     *feed
	pipes    pipes
	strays   strays
	stopping atomic.Bool     // no new connection, idle ones end
	outage   atomic.Int64    // unless 0, nothing is held
	browsed  atomic.Bool     // a browser may ask for what own.go answers
	ctx      context.Context // ends with Close: nothing waits any more
	cancel   context.CancelFunc
	serving  sync.WaitGroup // connections

	instance   string        // what editions begin with
	heartbeat  time.Duration // of streams
	awayLimit  time.Duration // of Shift, for clients to be told
	lingers    time.Duration // for clients that go on sending
	sealedLull time.Duration
	// deathNotice is how long a death may go unreported.
	deathNotice time.Duration

	totals
}

// New returns a router with no ports and no backends. Close it after use.
func New(o Options) *Router {
	r := &Router{opts: o.withDefaults(), changed: make(chan struct{}), feed: newFeed()}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	r.instance, r.heartbeat = newInstance(), heartbeat
	r.awayLimit, r.lingers, r.deathNotice = goAwayLimit, lingerFor, deathNotice
	r.sealedLull = sealedLull
	r.browsed.Store(o.LiveReload)
	r.sweep.start(r)
	return r
}

// changes returns a channel that is closed when a route becomes ready. Take it
// before looking for one.
func (r *Router) changes() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

// register takes note of a new connection. It returns false when the router is
// stopping.
func (r *Router) register(c *conn) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopping.Load() {
		return false
	}
	r.serving.Add(1)
	c.slot = r.conns.add(c)
	r.openConns.Add(1)
	return true
}

// unregister is the last that a connection does.
func (r *Router) unregister(c *conn) {
	r.conns.remove(c.slot)
	r.openConns.Add(-1)
	r.serving.Done()
}

// forget takes a closed port off the list.
func (r *Router) forget(p *Port) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ports = slices.DeleteFunc(slices.Clone(r.ports), func(o *Port) bool { return o == p })
}

// stopAccepting closes the listeners and ends the idle connections.
func (r *Router) stopAccepting() {
	r.mu.Lock()
	r.stopping.Store(true)
	ports := r.ports
	r.mu.Unlock()
	for _, p := range ports {
		_ = p.Close()
	}
	r.conns.each(func(c *conn) { c.interrupt() })
}

// sendAllAway has the clients of all HTTP/2 tunnels told to go elsewhere, since the
// router is stopping.
func (r *Router) sendAllAway() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.backends {
		b.sendAway(nil)
	}
}

// Shutdown stops accepting, ends idle connections, waits until nothing is in
// flight or ctx ends, then closes. It returns ctx's error if something was cut.
func (r *Router) Shutdown(ctx context.Context) error {
	r.stopAccepting()
	r.sendAllAway()
	idle := make(chan struct{})
	go func() {
		r.serving.Wait()
		close(idle)
	}()
	var err error
	select {
	case <-idle:
	case <-ctx.Done():
		err = ctx.Err()
	}
	r.Close()
	<-idle
	return err
}

// Close stops accepting and ends every connection at once. When it returns, no
// goroutine and no descriptor of the router is left.
func (r *Router) Close() {
	r.stopAccepting()
	r.cancel()
	r.conns.each(func(c *conn) { _ = c.tcp.Close() })
	r.mu.Lock()
	backends := r.backends
	r.mu.Unlock()
	for _, b := range backends {
		b.Close()
	}
	r.serving.Wait()
	r.pipes.close()
	<-r.sweep.ended
}

// trim closes connections to backends that have been idle since a clock time.
func (r *Router) trim(since int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range r.backends {
		for _, rt := range b.routes {
			rt.closeIdle(since)
		}
	}
}

// pause waits for d, or until the router is closed.
func (r *Router) pause(d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.ctx.Done():
	}
}
