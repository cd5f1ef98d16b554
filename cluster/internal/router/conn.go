package router

// conn is one client connection. Its goroutine carries one request after the
// other: read the request, write it to a backend, read the response, write it to
// the client. A second goroutine, the uplink, runs only while the client must
// be read meanwhile.
type conn struct {
	wire // the client's
	r    *Router
	port *Port
	slot *slot
	link uplink

	// buf[lo:hi] are bytes of the client that no backend has had, beginning
	// with the request at hand. There is no buffer while there are none.
	buf     *buffer
	lo, hi  int
	eof     bool // the client has ended its direction
	heard   bool // anything has come from the client
	refused bool // it was silent, and there was no connection for it

	began  int64 // clock time when the first byte of the request was here
	req    request
	resp   response
	x      exchange
	kept   []*upstream // idle, and for this client only
	http2  *http2      // nil unless the connection is a tunnel of that kind
	away   bool        // the client was told that this is its end
	lately int64       // clock time when the backend of a tunnel had its last word, or its end

	unpaced bool // Unpace was called for it
}

// serve is the connection's goroutine. It ends when the connection does.
func (c *conn) serve() {
	defer c.end()
	for {
		switch c.next() {
		case certain:
			if !c.exchange() {
				return
			}
		case opaque:
			c.tunnelAll()
			return
		case more:
			return
		}
	}
}

// end closes the connection. What the client has sent and nobody has read would
// make the kernel reset the connection, which can destroy the last response on
// its way: so it is read first.
func (c *conn) end() {
	c.discardKept()
	if c.lo < c.hi && !c.eof {
		c.linger()
	}
	_ = c.tcp.Close()
	if c.buf != nil {
		putBuffer(c.buf)
		c.buf = nil
	}
	c.r.unregister(c)
}

// next waits for a request. It returns certain when its head is in the buffer
// and in req, opaque when what is in the buffer is not to be interpreted, and
// more when nothing more comes.
func (c *conn) next() verdict {
	c.req.reset()
	if c.lo < c.hi {
		c.began = clock()
	}
	for {
		if c.lo < c.hi {
			v := c.req.observe(c.buf[c.lo:c.hi])
			if v == more && (c.eof || c.hi-c.lo >= requestMost) {
				// It is for the server to judge what has no end.
				v = opaque
			}
			if v != more {
				return v
			}
		}
		if v := c.fill(); v != certain {
			return v
		}
	}
}

// fill reads on in the client's bytes. It returns certain when there are more,
// opaque when the client is to be given a tunnel, more when nothing more comes.
func (c *conn) fill() verdict {
	for {
		if c.lo == c.hi && c.r.stopping.Load() {
			return more // the interruption may have hit the uplink
		}
		err := c.receive()
		switch {
		case err == nil:
			c.heard = true
			return certain
		case interrupted(err):
			c.resume()
			had := c.hi - c.lo
			if v := c.stalled(); v != certain || c.hi-c.lo > had {
				return v
			}
		case ended(err):
			c.eof = true
			if !c.heard || c.lo < c.hi {
				return opaque
			}
			return more
		default:
			c.lo, c.hi = 0, 0
			return more
		}
	}
}

// receive reads once from the client.
func (c *conn) receive() error {
	if c.lo == c.hi {
		switch {
		case c.heard:
			c.phase(idle)
		case c.refused:
			c.phase(mute)
		default:
			c.phase(silent)
		}
		b, n, err := c.readIdle(c.buf, requestMost)
		c.buf, c.lo, c.hi = b, 0, n
		if err == nil {
			c.began = clock()
		}
		return err
	}
	if c.hi >= requestMost {
		c.hi = copy(c.buf[:], c.buf[c.lo:c.hi])
		c.lo = 0
	}
	c.phase(partial)
	n, err := c.read(c.buf[c.hi:requestMost])
	c.hi += n
	return err
}

// stalled says what to do after an interrupted wait for the client: certain to
// wait on, else what fill returns.
func (c *conn) stalled() verdict {
	switch {
	case c.r.stopping.Load():
		if c.lo == c.hi {
			return more
		}
		return certain
	case c.lo < c.hi:
		return opaque
	case !c.heard:
		return c.silence()
	}
	return certain
}

// phase says what the connection waits for from now on.
func (c *conn) phase(p phase) {
	c.slot.set(p)
	if p != idle {
		c.r.sweep.rouse()
	}
}

// pending returns what the client has sent after the request at hand.
func (c *conn) pending() []byte {
	if c.buf == nil {
		return nil
	}
	return c.buf[c.lo+c.x.size : c.hi]
}

// consume drops the request at hand from the buffer.
func (c *conn) consume() {
	c.lo += c.x.size
	c.x.size = 0
	if c.lo == c.hi {
		c.lo, c.hi = 0, 0
	}
}
