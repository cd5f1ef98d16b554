package router

// relay forwards the response, interim ones before it included, of which b[:n]
// has been read. A head is forwarded when it is complete: until then the
// request can still be replayed.
func (c *conn) relay(up *upstream, b []byte, n int) outcome {
	c.resp.reset()
	for {
		v := c.resp.observe(b[:n])
		switch {
		case v == opaque, v == more && n == len(b):
			up.route.b.garbled.Add(1)
			return c.tunnel(up, b[:n])
		case v == certain && c.resp.switches(c.req.method):
			up.route.b.status[c.resp.status/100].Add(1)
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
		m, err := c.await(up, b[n:])
		if err != nil {
			return c.failed(err)
		}
		n += m
	}
}

// stream forwards the response whose head is at the start of b[:n].
func (c *conn) stream(up *upstream, b []byte, n int) outcome {
	rest := c.resp.body(c.req.method)
	used, v := rest.observe(b[c.resp.size:n])
	used += c.resp.size
	for {
		if err := c.deliver(up, b[:used]); err != nil {
			return gone
		}
		switch v {
		case opaque:
			up.route.b.garbled.Add(1)
			return c.tunnel(up, b[used:n])
		case certain:
			c.x.unclean = used < n
			return c.finish(up)
		case more:
		}
		var err error
		if n, err = c.await(up, b); err != nil {
			if rest.kind == untilClose && ended(err) {
				return answered
			}
			return c.failed(err)
		}
		used, v = rest.observe(b[:n])
	}
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
	return nil
}

// finish ends an exchange whose response is complete. The request's body may
// still be on its way, after a response that came early: then the backend is
// given the rest for as long as it wants it.
func (c *conn) finish(up *upstream) outcome {
	if !c.link.running {
		return answered
	}
	var b [1]byte
	c.link.awaited.Store(true)
	for c.link.body.Load() == bodyComing {
		_, err := up.read(b[:])
		if !interrupted(err) || up.orphaned() {
			c.x.unclean = true
			return answered
		}
		up.resume()
	}
	if c.link.body.Load() == bodyGarbled {
		up.route.b.answer(c.resp.status, clock()-c.began)
		return c.tunnel(up, nil)
	}
	return answered
}
