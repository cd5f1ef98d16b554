package router

import (
	"errors"
	"time"
)

// Why no backend could be had for a request.
var (
	errHeldTooLong = errors.New("no worker was ready in time")
	errTooManyHeld = errors.New("no worker is ready and too many requests wait")
	errHopeless    = errors.New("no worker is ready, and none will be")
	errStopping    = errors.New("the router is closing")
	errLeft        = errors.New("the client has left")
)

const (
	// freshFor is how long an idle connection is trusted with a request that
	// cannot be sent again. Servers that close idle connections do it after
	// a second or more; after that, it may be closing at this very moment. One
	// closed with a request in its buffer is reset, and from a reset nobody can
	// tell how much was read.
	freshFor = 500 * time.Millisecond
	// retryFirst is how long a request waits before it tries a backend again
	// that has refused it, if there is no other and none becomes ready; each
	// time twice as long, up to retryMost.
	retryFirst = 10 * time.Millisecond
	retryMost  = 320 * time.Millisecond
)

// connect finds a connection to a ready backend for the request, which is then
// counted as in flight there, and leaves it in x.up. While no backend is ready
// it waits.
func (c *conn) connect() error {
	for {
		rt := c.port.pick(c.x.avoid)
		if rt == nil {
			var err error
			if rt, err = c.hold((*Port).pick); err != nil {
				return err
			}
		}
		if c.x.up = c.spare(rt); c.x.up != nil || c.dial(rt) {
			return nil
		}
	}
}

// connectTunnel is connect for a tunnel: always a new connection. It returns nil
// if none is to be had.
func (c *conn) connectTunnel() *upstream {
	for {
		rt := c.port.pickTunnel(c.x.avoid)
		if rt == nil {
			var err error
			if rt, err = c.hold((*Port).pickTunnel); err != nil {
				return nil
			}
		}
		if c.dial(rt) {
			return c.x.up
		}
	}
}

// dial opens a new connection to rt. If that fails, rt is avoided for a while.
func (c *conn) dial(rt *route) bool {
	up, err := dial(c.r.ctx, rt)
	if err != nil {
		rt.b.leave()
		c.x.avoid, c.x.late = append(c.x.avoid, rt), true
		return false
	}
	c.x.up = up
	return true
}

// spare returns a connection to rt that waits for a request, or nil: the client's
// own, else one that has carried no body.
func (c *conn) spare(rt *route) *upstream {
	since := c.oldest()
	if up := c.reclaim(rt, since); up != nil {
		return up
	}
	return rt.take(since)
}

// oldest returns since when an idle connection must have been idle at most.
func (c *conn) oldest() int64 {
	if c.x.whole && c.req.method.idempotent() {
		return -maxTime
	}
	return clock() - int64(freshFor)
}

// hold waits until pick finds a backend, for as long as Options say. Nobody listens
// to the client meanwhile; so at the end it looks whether there is still one to
// carry the request for.
func (c *conn) hold(pick func(*Port, []*route) *route) (*route, error) {
	rt, err := c.waitFor(pick)
	if errors.Is(err, errStopping) || !c.broken() {
		return rt, err
	}
	if rt != nil {
		rt.b.leave()
	}
	return nil, errLeft
}

func (c *conn) waitFor(pick func(*Port, []*route) *route) (*route, error) {
	r := c.r
	if r.held.Add(1) > int64(r.opts.MaxHeld) {
		r.held.Add(-1)
		return nil, errTooManyHeld
	}
	defer r.held.Add(-1)
	c.slot.set(idle)
	c.x.late, c.x.held = true, true
	end := time.NewTimer(r.opts.Hold - time.Duration(clock()-c.began))
	defer end.Stop()
	retry := time.NewTimer(c.x.retryAfter())
	defer retry.Stop()
	for {
		changed := r.changes()
		if rt := pick(c.port, c.x.avoid); rt != nil {
			return rt, nil
		}
		if r.outage.Load() != 0 {
			return nil, errHopeless
		}
		select {
		case <-changed:
		case <-retry.C:
			c.x.avoid = nil
		case <-end.C:
			return nil, errHeldTooLong
		case <-r.ctx.Done():
			return nil, errStopping
		}
	}
}

// retryAfter returns how long to wait for the backend that has just failed.
func (x *exchange) retryAfter() time.Duration {
	if len(x.avoid) == 0 {
		return time.Hour // there is none: only a change ends the wait
	}
	d := min(retryFirst<<x.refusals, retryMost)
	x.refusals = min(x.refusals+1, 10)
	return d
}
