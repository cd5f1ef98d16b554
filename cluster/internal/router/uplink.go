package router

import (
	"errors"
	"sync/atomic"
)

// uplink is the direction from the client to the backend on a goroutine of its
// own. It runs while a request's body is coming, during a long wait for a
// response, and for as long as a tunnel lasts. While it runs, the connection's
// goroutine neither reads from the client nor writes to the backend, and leaves
// these fields alone except for the atomic ones.
type uplink struct {
	running bool          // between start and join
	done    chan struct{} // one signal at the end of each run

	stopping atomic.Bool
	body     atomic.Int32 // how far the request's body has come
	sent     atomic.Int64 // bytes passed on
	awaited  atomic.Bool  // interrupt the backend's reader when that changes
	// When the client has been silent for too long, in clock time, after the
	// backend has ended its direction of a tunnel; else 0.
	expires atomic.Int64

	limit int  // how much may be read ahead
	alone bool // the buffer holds nothing that came after the request
	kept  bool // the buffer holds all of the request so far, for a replay

	// What a run leaves behind.
	buf *buffer // buf[:n] was read ahead of the request
	n   int
	end linkEnd
}

// linkEnd says why a run has ended.
type linkEnd int8

const (
	linkStopped linkEnd = iota
	linkFull            // as much as may be was read ahead
	clientEnded         // the client has ended its direction
	clientGone          // the client's connection has failed
	backendGone         // the backend takes no more
)

func (e linkEnd) byClient() bool { return e == clientEnded || e == clientGone }

// How far a request's body has come.
const (
	bodySent int32 = iota
	bodyComing
	bodyGarbled // its end cannot be told: everything is passed on
	bodyCut     // the client has ended its direction before the end
)

// startLink starts a run of one of sendBody, watch and passAll.
func (c *conn) startLink(up *upstream, body int32, run func(*conn, *upstream)) {
	l := &c.link
	if l.done == nil {
		l.done = make(chan struct{}, 1)
	}
	l.running, l.end = true, linkStopped
	l.limit, l.alone, l.kept = bufferSize-c.hi, len(c.pending()) == 0, true
	l.stopping.Store(false)
	l.awaited.Store(false)
	l.body.Store(body)
	go func() {
		run(c, up)
		l.done <- struct{}{}
	}()
}

// stopLink ends a run if there is one.
func (c *conn) stopLink() {
	if !c.link.running {
		return
	}
	c.link.stopping.Store(true)
	c.interrupt()
	c.joinLink()
	c.resume()
}

// joinLink waits for the end of a run and moves what was read ahead into the
// connection's buffer, for which limit has made sure that there is room.
func (c *conn) joinLink() {
	l := &c.link
	<-l.done
	l.running = false
	c.x.in += l.sent.Swap(0)
	c.eof = c.eof || l.end == clientEnded
	c.x.end, c.x.whole = l.end, c.x.whole || l.body.Load() == bodySent
	if !l.kept {
		c.x.dropped = true
		c.lo, c.hi, c.x.size = 0, 0, 0
	}
	if l.n > 0 {
		if c.buf == nil {
			c.buf = getBuffer()
		}
		c.hi += copy(c.buf[c.hi:], l.buf[:l.n])
	}
	l.drop()
}

func (l *uplink) drop() {
	if l.buf != nil {
		putBuffer(l.buf)
	}
	l.buf, l.n = nil, 0
}

// sendBody passes the rest of the request's body on, then watches the client.
func (c *conn) sendBody(up *upstream) {
	l := &c.link
	for c.sendBulk(up) && c.hear(up, bufferSize) {
		used, v := c.x.body.observe(l.buf[:l.n])
		c.keep(l.buf[:used])
		ok := l.forward(up, l.buf[:used])
		l.n = copy(l.buf[:], l.buf[used:l.n])
		switch v {
		case certain:
			c.bodyRead(up, ok)
			return
		case opaque:
			// Where it ends is not known, so it cannot be sent again.
			c.lo, c.hi, c.x.size, l.kept = 0, 0, 0, false
			if ok {
				l.tell(up, bodyGarbled)
				c.passAll(up)
			}
			return
		case more:
			if !ok {
				return
			}
		}
	}
	if l.end == clientEnded {
		l.tell(up, bodyCut)
	}
}

// bodyRead goes on when all of the body has come. It has even if the backend did not
// take its last bytes: what follows them is the next request.
func (c *conn) bodyRead(up *upstream, taken bool) {
	l := &c.link
	l.limit = bufferSize
	if l.kept = l.kept && c.hi+l.n <= bufferSize; l.kept {
		l.limit -= c.hi
	}
	l.tell(up, bodySent)
	if taken {
		c.watch(up)
	}
}

// keep puts bytes of the request into the connection's buffer, if all of it so
// far is there and they fit.
func (c *conn) keep(b []byte) {
	l := &c.link
	if l.kept = l.kept && c.hi+len(b) <= requestMost; l.kept {
		c.hi += copy(c.buf[c.hi:], b)
		c.x.size += len(b)
	}
}

// sendBulk passes on what is surely the body's, and returns true when that leaves
// little or the client is to be heard for some other reason.
func (c *conn) sendBulk(up *upstream) bool {
	l := &c.link
	for c.x.body.ahead() >= bulkMin {
		n, end, err := c.r.move(&up.wire, &c.wire, c.x.body.ahead())
		c.x.body.skip(n)
		l.kept = false
		up.route.b.bytesIn.Add(uint64(n))
		l.sent.Add(n)
		switch {
		case end, interrupted(err), errors.Is(err, errNoPipe):
			return true
		case err != nil && c.sound():
			l.end = backendGone
			return false
		case err != nil:
			l.end = clientGone
			up.reset()
			return false
		}
	}
	return true
}

// tell lets the backend's reader know how the body stands, if it waits for it.
func (l *uplink) tell(up *upstream, body int32) {
	l.body.Store(body)
	if l.awaited.Load() {
		up.interrupt()
	}
}

// watch reads ahead, so that a client that leaves is noticed.
func (c *conn) watch(up *upstream) {
	l := &c.link
	for l.n < l.limit {
		if !c.hear(up, l.limit) {
			return
		}
	}
	l.end = linkFull
}

// passAll passes on whatever comes, beginning with what is in the connection's
// buffer.
func (c *conn) passAll(up *upstream) {
	l := &c.link
	l.alone = true // from here on everything is for this backend
	if c.lo < c.hi {
		ok := c.say(up, c.buf[c.lo:c.hi])
		putBuffer(c.buf)
		c.buf, c.lo, c.hi = nil, 0, 0
		if !ok {
			return
		}
	}
	if c.eof {
		l.end = clientEnded
		up.finish()
		return
	}
	for l.n > 0 || c.hear(up, bufferSize) {
		ok := c.say(up, l.buf[:l.n])
		l.n = 0
		if !ok {
			return
		}
	}
}

// say passes on bytes of a tunnel's client, unless the backend is to have no more.
func (c *conn) say(up *upstream, b []byte) bool {
	up.word.sending.Store(true)
	defer up.word.clientDone()
	if !up.word.client() {
		c.link.end = backendGone
		return false
	}
	c.http2.client(b)
	return c.link.forward(up, b)
}

func (l *uplink) forward(up *upstream, b []byte) bool {
	if err := up.write(b); err != nil {
		l.end = backendGone
		return false
	}
	up.route.b.bytesIn.Add(uint64(len(b)))
	l.sent.Add(int64(len(b)))
	return true
}

// hear reads once from the client, behind what was read ahead and up to limit
// bytes with it. It reports false if the run is over, and then has passed the
// reason on to the backend: an end as an end, a failure as a failure.
func (c *conn) hear(up *upstream, limit int) bool {
	l := &c.link
	for {
		err := c.readAhead(limit)
		switch {
		case err == nil:
			return true
		case interrupted(err):
			// Resuming may undo an interruption by stopLink, which has set
			// stopping before: so that is looked at last.
			c.resume()
			if l.expired() || l.stopping.Load() {
				return false
			}
		case ended(err):
			l.end = clientEnded
			// What was read ahead are requests yet to be served: the end
			// comes after them, and is not for this backend.
			if l.n == 0 && l.alone {
				up.finish()
			}
			return false
		default:
			l.end = clientGone
			up.reset()
			return false
		}
	}
}

func (c *conn) readAhead(limit int) error {
	l := &c.link
	if l.expires.Load() != 0 {
		c.expireHalf()
	}
	var n int
	var err error
	if l.n == 0 {
		l.buf, n, err = c.readIdle(l.buf, limit)
	} else {
		n, err = c.read(l.buf[l.n:limit])
	}
	l.n += n
	return err
}
