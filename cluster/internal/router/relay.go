package router

import "errors"

// relay forwards the response, interim ones before it included, of which b[:n]
// has been read. A head is forwarded when it is complete: until then the
// request can still be replayed.
func (c *conn) relay(up *upstream, b []byte, n int) outcome {
	c.resp.reset()
	for {
		v := c.resp.observe(b[:n])
		if v == more && n == len(b) {
			b = c.moreRoom(b)
		}
		switch {
		case v == opaque, v == more && n == len(b):
			up.route.b.garbled.Add(1)
			c.note(0, NotHTTP)
			return c.tunnel(up, b[:n])
		case v == certain && c.resp.switches(c.req.method):
			up.route.b.status[c.resp.status/100].Add(1)
			c.note(c.resp.status, NoFault)
			return c.tunnel(up, b[:n])
		case v == certain && !c.resp.interim():
			return c.stream(up, b, n)
		case v == certain:
			if err := c.deliver(up, b[:c.resp.size]); err != nil {
				return gone
			}
			n = copy(b, b[c.resp.size:n])
			c.resp.reset()
			if n > 0 {
				continue
			}
		}
		m, err := c.awaitRest(up, b[n:])
		if err != nil {
			return c.failed(err)
		}
		n += m
	}
}

// stream forwards the response whose head is at the start of b[:n].
func (c *conn) stream(up *upstream, b []byte, n int) outcome {
	c.x.status = c.resp.status
	if c.x.live && c.resp.takesScript(b[:c.resp.size]) {
		return c.streamPage(up, b, n)
	}
	rest := c.resp.body(c.req.method)
	used, v := rest.observe(b[c.resp.size:n])
	used += c.resp.size
	for {
		if v == certain {
			c.x.unclean = used < n || c.early()
		}
		if err := c.deliver(up, b[:used]); err != nil {
			return gone
		}
		switch v {
		case opaque:
			up.route.b.garbled.Add(1)
			c.note(c.resp.status, NotHTTP)
			return c.tunnel(up, b[used:n])
		case certain:
			return c.finish(up)
		case more:
		}
		if rest.ahead() >= bulkMin {
			if out := c.streamBulk(up, &rest); out != answered {
				return out
			}
		}
		var err error
		if n, err = c.awaitRest(up, b); err != nil {
			if rest.kind == untilClose && ended(err) {
				return answered
			}
			return c.failed(err)
		}
		used, v = rest.observe(b[:n])
	}
}

// early says whether the request's body is still coming. A backend that has
// answered without all of it may not take the rest for a body.
func (c *conn) early() bool {
	return c.link.running && c.link.body.Load() != bodySent
}

// streamBulk forwards what is surely the body's, and returns answered when that
// leaves little. The end of the connection is left for the next read to find.
func (c *conn) streamBulk(up *upstream, rest *body) outcome {
	if !c.unpaced && c.local() {
		c.unpaced = true
		Unpace(c.raw)
	}
	for rest.ahead() >= bulkMin {
		n, end, err := c.r.move(&c.wire, &up.wire, rest.ahead())
		rest.skip(n)
		up.route.b.bytesOut.Add(uint64(n))
		c.x.out += n
		switch {
		case end, errors.Is(err, errNoPipe):
			return answered
		case err == nil:
		case !interrupted(err):
			return c.blame(up, err)
		case !up.goOn():
			return answered
		default:
			c.lengthen(up)
		}
	}
	return answered
}

// blame finds out which side has made a move fail.
func (c *conn) blame(up *upstream, err error) outcome {
	if up.sound() {
		return gone
	}
	return c.failed(err)
}

// deliver writes bytes of a response to the client.
func (c *conn) deliver(up *upstream, b []byte) error {
	if len(b) == 0 {
		return nil
	}
	c.x.forwarded = true
	if err := c.write(b); err != nil {
		return err
	}
	up.route.b.bytesOut.Add(uint64(len(b)))
	c.x.out += int64(len(b))
	return nil
}

// finish ends an exchange whose response is complete. The request's body may
// still be on its way, after a response that came early: then the backend is
// given the rest for as long as it wants it, and there is more to come.
func (c *conn) finish(up *upstream) outcome {
	if !c.link.running {
		return answered
	}
	var b [1]byte
	c.link.awaited.Store(true)
	for c.link.body.Load() == bodyComing {
		_, err := up.read(b[:])
		if !interrupted(err) || !up.goOn() {
			c.x.unclean = true
			return answered
		}
	}
	if c.link.body.Load() == bodyGarbled {
		up.route.b.answer(c.resp.status, clock()-c.began)
		c.note(c.resp.status, NoFault)
		return c.tunnel(up, nil)
	}
	return answered
}
