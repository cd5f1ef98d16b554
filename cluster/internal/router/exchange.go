package router

import "errors"

// exchange is one request and its response on their way.
type exchange struct {
	up      *upstream
	avoid   []*route // those that have failed since the last wait
	body    body     // what is still to come of the request
	size    int      // bytes of the request that are in the buffer
	whole   bool     // that is all of it
	dropped bool     // parts of it have left the buffer, so there is no replay
	atOnce  bool     // all of it was sent in one piece
	unsent  bool     // the attempt failed before any of it was sent
	end     linkEnd  // how the uplink has ended, if there was one

	forwarded bool    // the client has had bytes of a response, if only an interim one
	unclean   bool    // where the response ended, the connection did not fall silent
	extra     *buffer // for the response, when buf is too full
	replays   int     // attempts that were lost
	deaths    int     // of these, with a backend that had read all of the request
	refusals  int     // waits for a backend that has failed
	err       error   // of the attempt that was lost
	late      bool    // it did not go to a backend at once
	held      bool    // but waited for one to be ready
	wait      int64   // but after so many nanoseconds
	status    int     // of the response that the client is getting, if any
	in, out   int64   // bytes of it that went to the last backend, and to the client
	record    *record // of it for the feed, if that takes it
	live      bool    // the response is to load itself again, if it is a page
}

// outcome is how an attempt to carry a request ended.
type outcome int

const (
	answered  outcome = iota // the response was forwarded, to its last byte
	stale                    // an idle connection was closed; nothing was sent
	lost                     // the backend failed before its response began
	cut                      // it failed within the response
	gone                     // the client is gone
	tunnelled                // the connection became a tunnel, which is over
)

// errLost says that a backend that was closed had nothing more to say.
var errLost = errors.New("connection lost")

// exchange carries the request that is in the buffer and reports whether the
// connection goes on.
func (c *conn) exchange() bool {
	c.x = exchange{} // in place: a value made on the stack would be most of the frame
	c.x.body, c.x.size = c.req.body(), c.req.size
	n, v := c.x.body.observe(c.pending())
	if v == opaque {
		c.tunnelAll()
		return false
	}
	c.x.size += n
	c.x.whole = v == certain
	if c.r.browsed.Load() {
		if path := c.ownPath(); path != "" {
			return c.serveOwn(path)
		}
		c.prepare()
	}
	c.x.record = c.r.feed.take(c.buf[c.lo:c.hi])
	on := c.attempt()
	drop(c.x.record)
	if c.x.extra != nil {
		putBuffer(c.x.extra)
		c.x.extra = nil
	}
	c.x.up, c.x.avoid, c.x.record = nil, nil, nil
	return on
}

// attempt tries one backend after the other until the request has an outcome
// that is final.
func (c *conn) attempt() bool {
	for {
		if why := c.connect(); why != nil {
			return c.refuse(why)
		}
		if c.x.late {
			c.x.wait = clock() - c.began
		}
		out := c.carry(c.x.up)
		c.stopLink()
		if (out == lost || out == cut) && c.deserted(out) {
			out = gone
		}
		if out != stale && (out != lost || !c.mayReplay()) {
			return c.settle(out)
		}
		c.giveUp(out)
	}
}

// deserted says whether an attempt has failed since the client is gone. One that has
// only ended its direction may wait for its answer, but many backends take it for
// gone: those close their connection when they are given that end. They do it in
// order, for they have read what comes before it, and they live on. Of a reset, or
// a backend that dies, the client is not the cause.
func (c *conn) deserted(out outcome) bool {
	up := c.x.up
	switch {
	case c.x.end == clientGone, c.x.end == clientEnded && !c.x.whole:
		return true
	case up.finished && ended(c.x.err):
		if out == cut {
			c.halfClose() // whoever is the cause, the client need not wait to be told
		}
		if !up.route.b.dies() {
			return true
		}
	}
	return out == lost && c.broken()
}

// carry sends the request on up and forwards the response.
func (c *conn) carry(up *upstream) outcome {
	c.slot.up.Store(up)
	c.phase(answering)
	c.x.in, c.x.end = 0, linkStopped
	b := c.room()
	n, err := c.send(up, b)
	if err != nil {
		return c.failed(err)
	}
	return c.relay(up, b, n)
}

// failed says what a failure to read from a backend means for the client.
func (c *conn) failed(err error) outcome {
	c.x.err = err
	switch {
	case errors.Is(err, errStale):
		return stale
	case c.x.forwarded && c.x.status != 0:
		return cut // after an interim one, there is still a place for a response
	}
	return lost
}

// room returns free space for a response: behind the request, which a replay
// may need again, or, if more of it is to come there, a buffer of its own.
func (c *conn) room() []byte {
	if c.x.extra == nil && c.x.whole && bufferSize-c.hi >= minRoom {
		return c.buf[c.hi:]
	}
	if c.x.extra == nil {
		c.x.extra = getBuffer()
	}
	return c.x.extra[:]
}

// moreRoom returns b, which is full, with as much room as a head may need.
func (c *conn) moreRoom(b []byte) []byte {
	if c.x.extra == nil {
		c.x.extra = getBuffer()
		copy(c.x.extra[:], b)
		return c.x.extra[:]
	}
	return b
}

// send sends the request, or what is there of it, and returns how much of the
// answer is in b.
func (c *conn) send(up *upstream, b []byte) (int, error) {
	if !c.x.whole {
		return c.sendPart(up, b)
	}
	req := c.buf[c.lo : c.lo+c.x.size]
	for {
		n, sent, err := up.ask(req, b, up.used)
		if sent {
			up.route.b.bytesIn.Add(uint64(len(req)))
			c.x.in = int64(len(req))
		}
		c.x.atOnce, c.x.unsent = true, !sent
		switch {
		case !interrupted(err):
			return n, err
		case sent:
			return c.waitOn(up, b)
		case !up.goOn():
			return 0, errStale
		}
	}
}

// sendPart sends a request whose body is still coming. From here on both
// directions move independently.
func (c *conn) sendPart(up *upstream, b []byte) (int, error) {
	c.x.atOnce, c.x.unsent = false, false
	if up.used && !up.quiet(b) {
		return 0, errStale
	}
	if err := up.write(c.buf[c.lo : c.lo+c.x.size]); err != nil {
		return 0, err
	}
	up.route.b.bytesIn.Add(uint64(c.x.size))
	c.x.in = int64(c.x.size)
	c.startLink(up, bodyComing, (*conn).sendBody)
	return c.await(up, b)
}

// await reads from up. A wait that proves long starts to watch the client.
func (c *conn) await(up *upstream, b []byte) (int, error) {
	n, err := up.read(b)
	if interrupted(err) {
		return c.waitOn(up, b)
	}
	return n, err
}

// awaitRest is await of more of a response that has begun. A server that writes it in
// parts and leaves Nagle's algorithm on (RFC 9293, section 3.7.4) may hold the next
// part back until the last one is acknowledged, which on a connection that has been
// used takes 40 ms unless it is asked for.
func (c *conn) awaitRest(up *upstream, b []byte) (int, error) {
	up.prompt = true
	defer func() { up.prompt = false }()
	return c.await(up, b)
}

// waitOn is await after an interruption.
func (c *conn) waitOn(up *upstream, b []byte) (int, error) {
	for up.goOn() {
		c.lengthen(up)
		n, err := up.read(b)
		if !interrupted(err) {
			return n, err
		}
	}
	return up.drain(b)
}

// lengthen sees to it that the client is listened to during a long wait.
func (c *conn) lengthen(up *upstream) {
	c.slot.set(idle)
	if !up.used {
		// A server that serves one connection at a time may be stuck with
		// one that has been idle all this while, and never accept this one.
		up.route.closeIdle(up.opened)
	}
	if !c.link.running {
		c.startLink(up, bodySent, (*conn).watch)
	}
}
