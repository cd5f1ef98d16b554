package router

import "time"

const (
	// maxReplays is how often a request is sent again when a backend has read
	// it and died: perhaps of it, and the next would as well.
	maxReplays = 1
	// deathPause comes before a request is sent again. When several backends are
	// killed at once, the next to get it shall not be one that is about to.
	deathPause = 20 * time.Millisecond
	// maxUnread is how often in all, counting those who died without having
	// read it.
	maxUnread = 8
)

// mayReplay says whether a request that was lost may be sent to another
// backend.
func (c *conn) mayReplay() bool {
	if c.x.dropped || c.x.forwarded {
		return false
	}
	up := c.x.up
	if c.r.strays.take(up.tcp.LocalAddr(), up.tcp.RemoteAddr(), up.opened) {
		return clock()-c.began < int64(c.r.opts.Hold) // nobody has read any of it
	}
	if c.x.unsent || c.x.atOnce && ended(c.x.err) && up.unread(c.x.size) {
		c.x.replays++
		return c.x.replays <= maxUnread
	}
	if !c.req.method.idempotent() {
		return false
	}
	// A backend that has read all of the request ends the connection in
	// order, even if it is killed. One that has not, resets it.
	if ended(c.x.err) {
		c.x.deaths++
	}
	c.x.replays++
	return c.x.deaths <= maxReplays && c.x.replays <= maxUnread
}

// giveUp ends an attempt that another follows.
func (c *conn) giveUp(out outcome) {
	up := c.x.up
	up.close()
	c.x.late = true
	if out == lost {
		c.x.avoid = append(c.x.avoid, up.route)
		up.route.b.failed.Add(1)
		c.r.replays.Add(1)
	}
	up.route.b.leave()
	if out == lost && !c.x.unsent {
		c.r.pause(deathPause)
	}
}

// settle ends an exchange and reports whether the client's connection goes on.
func (c *conn) settle(out outcome) bool {
	up := c.x.up
	b := up.route.b
	on := false
	switch out {
	case answered:
		now := clock()
		b.answer(c.resp.status, now-c.began)
		c.noteAt(now, c.resp.status, NoFault)
		if c.x.late {
			c.r.marks.note(c.x.wait)
		}
		on = c.part(now)
	case lost:
		b.failed.Add(1)
		c.r.errors.Add(1)
		up.close()
		on = c.badGateway()
		c.note(502, WorkerLost)
	case cut:
		b.failed.Add(1)
		c.r.errors.Add(1)
		up.close()
		c.note(c.x.status, CutShort)
		c.truncate()
	case gone:
		b.aborted.Add(1)
		c.note(c.x.status, ClientLeft)
		up.abort()
		c.lo, c.hi = 0, 0
	case tunnelled, stale:
		return false // counted out already
	}
	b.leave()
	if out == answered && !on {
		c.takeLeave() // the backend has nothing to do with it
	}
	return on
}

// part decides what becomes of both connections after a response. Each is used
// again only if it is beyond doubt where the messages on it have ended.
func (c *conn) part(now int64) bool {
	up := c.x.up
	persists := c.persists() && !c.untilClose()
	clean := c.x.whole && !c.x.unclean && c.x.end < clientEnded
	up.bodied = up.bodied || c.req.carriesBody()
	switch {
	case !persists || !clean || c.resp.tempting(c.req.method):
		up.close()
	case up.bodied:
		c.reserve(up, now)
	default:
		up.route.put(up, now)
	}
	c.consume()
	return persists && c.x.whole
}

// persists says whether both sides mean to go on. A client of HTTP/1.0 waits for
// the end of the connection unless the response says that it stays (RFC 9112,
// appendix C.2.2), and a server that closes it need not announce that.
func (c *conn) persists() bool {
	confirmed := c.req.minor == 1 || c.resp.keepAlive
	return confirmed && c.req.persists() && c.resp.persists()
}

// untilClose says whether the response ended with its connection.
func (c *conn) untilClose() bool {
	return c.resp.body(c.req.method).kind == untilClose
}

// truncate ends the client's connection within a response, in the way the
// backend has ended its own.
func (c *conn) truncate() {
	c.lo, c.hi = 0, 0
	if !ended(c.x.err) {
		c.reset()
	}
}
