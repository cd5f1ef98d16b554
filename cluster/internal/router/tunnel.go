package router

import "time"

// halfOpen is how long a tunnel stays open after the backend has ended its
// direction and the client sends nothing. It is what Linux gives a socket that
// its program has closed (tcp_fin_timeout), and a backend that has closed its
// socket cannot be told from one that still reads.
const halfOpen = 60 * time.Second

// tunnelAll gives the client a tunnel to one backend, because what it sends is
// not to be interpreted or because the server is to speak first.
func (c *conn) tunnelAll() {
	c.x = exchange{}
	c.began = clock()
	for {
		up := c.connectTunnel()
		if up == nil {
			c.reset()
			return
		}
		if c.lookOn(up) {
			c.tunnel(up, nil)
			return
		}
		c.http2.end(NoFault)
		up.close()
		up.route.b.leave()
	}
}

// lookOn observes a tunnel that is about to begin, if it is HTTP/2, and reports whether
// the backend is to have it still, which may have taken long to accept it. If not, the
// client may have been overlooked when those of the backend were sent away.
func (c *conn) lookOn(up *upstream) bool {
	if c.lo < c.hi {
		c.http2 = newHTTP2(up.route.b, c.buf[c.lo:c.hi])
	}
	if c.http2 != nil {
		up.route.observe(up, c.http2)
		if c.r.stopping.Load() {
			c.http2.sendAway()
		}
	}
	return up.route.b.IsReady()
}

// greet observes a tunnel that its backend has begun, with HTTP/2. It may have been
// overlooked when the clients of the backend were sent away.
func (c *conn) greet(up *upstream) {
	c.http2 = lookAtHTTP2(up.route.b)
	up.route.observe(up, c.http2)
	if c.r.stopping.Load() || !up.route.b.IsReady() {
		c.http2.sendAway()
	}
}

// tunnel carries bytes both ways until both have ended, beginning with first
// from the backend and what of the client comes after the request at hand. The
// request is over with it: it counts as a tunnel from here on.
func (c *conn) tunnel(up *upstream, first []byte) outcome {
	b := up.route.b
	up.word.backend()
	b.tunnels.Add(1)
	b.leave()
	c.slot.set(idle)
	c.seal(up)
	garbled := c.link.running && c.link.body.Load() == bodyGarbled
	// Before anything else: what was read ahead of the client goes where it lies.
	err := c.pass(up, first)
	if !garbled {
		c.stopLink()
		c.consume()
	}
	if c.x.end != clientGone && err == nil {
		up.word.backendDone()
		c.releaseIdle()
		if !c.link.running {
			c.startLink(up, bodyGarbled, (*conn).passAll)
		}
		c.pump(up)
	}
	c.stopLink()
	up.close()
	if c.x.end.byClient() {
		c.http2.end(ClientLeft)
	}
	c.http2.end(CutShort)
	b.tunnels.Add(-1)
	b.left()
	if c.away {
		c.linger()
	}
	return tunnelled
}

// releaseIdle gives back the buffers that a tunnel does not need.
func (c *conn) releaseIdle() {
	if c.x.extra != nil {
		putBuffer(c.x.extra)
		c.x.extra = nil
	}
	if c.buf != nil && c.lo == c.hi {
		putBuffer(c.buf)
		c.buf = nil
	}
}

// pump passes on what comes from the backend. It returns when both directions
// have ended, or one has failed.
func (c *conn) pump(up *upstream) {
	var b *buffer
	for {
		var n int
		var err error
		b, n, err = up.readIdle(b, bufferSize)
		if interrupted(err) {
			if b, n, err = c.pumpAfter(up); err == nil && n == 0 {
				if c.depart(up) {
					return
				}
				continue
			}
		}
		switch {
		case ended(err):
			c.http2.end(CutShort)
			up.route.endLook(up)
			if c.away = up.word.backendEnded() || c.away; c.away {
				return
			}
			c.halfClose()
			c.expireHalf()
			c.joinLink()
			return
		case err != nil:
			c.http2.end(CutShort)
			c.reset()
			return
		}
		if c.pass(up, b[:n]) != nil {
			putBuffer(b)
			up.reset()
			return
		}
		c.lately = clock()
	}
}

// pumpAfter goes on after an interruption: no bytes and no error mean that the
// wait may be resumed.
func (c *conn) pumpAfter(up *upstream) (*buffer, int, error) {
	if up.goOn() {
		return nil, 0, nil
	}
	b := getBuffer()
	n, err := up.drain(b[:])
	if err != nil {
		putBuffer(b)
		return nil, 0, err
	}
	return b, n, nil
}

// expireHalf limits how long the client may be silent from now on.
func (c *conn) expireHalf() {
	c.link.expires.Store(clock() + int64(halfOpen))
	_ = c.tcp.SetReadDeadline(time.Now().Add(halfOpen))
}

// expired says whether the client has been silent for too long. Another interruption
// does not end its direction.
func (l *uplink) expired() bool {
	at := l.expires.Load()
	return at != 0 && clock() >= at
}
