package router

// maxMute bounds how many silent clients have a connection to a backend at a
// time. The others are looked after again later.
const maxMute = 256

// silence serves a new client that has said nothing for a while. Perhaps the
// server is to speak first: so the client gets a connection to a backend, and
// if anything comes on it, a tunnel. A client that speaks first after all (a
// browser's spare connection) is served like any other; that connection, on
// which nothing was said, goes to the pool.
//
// It returns certain to go on reading, more when the connection is over.
func (c *conn) silence() verdict {
	defer c.r.mute.Add(-1)
	c.refused = true
	if c.r.mute.Add(1) > maxMute {
		return certain
	}
	rt := c.port.pickTunnel(nil)
	if rt == nil {
		return certain
	}
	up, err := dial(c.r.ctx, rt)
	rt.b.leave() // nothing is in flight yet
	if err != nil {
		return certain
	}
	c.refused = false
	return c.listenBoth(up)
}

// listenBoth waits for whoever speaks first.
func (c *conn) listenBoth(up *upstream) verdict {
	up.route.setSilent(up, true)
	spoke := make(chan spoken, 1)
	go func() {
		var s spoken
		s.buf, s.n, s.err = up.readIdle(nil, bufferSize)
		if !interrupted(s.err) || !up.route.wanted() {
			c.interrupt()
		}
		spoke <- s
	}()
	c.phase(idle)
	b, n, err := c.readIdle(nil, bufferSize)
	up.interrupt()
	s := <-spoke
	up.route.setSilent(up, false)
	c.resume()
	up.resume()
	return c.firstWord(up, s, spoken{b, n, err})
}

// spoken is what one side has said.
type spoken struct {
	buf *buffer
	n   int
	err error
}

// firstWord judges who has spoken, if anybody has.
func (c *conn) firstWord(up *upstream, server, client spoken) verdict {
	if client.n > 0 {
		c.buf, c.lo, c.hi = client.buf, 0, client.n
		c.heard, c.began = true, clock()
	}
	switch {
	case server.n > 0:
		c.x = exchange{}
		up.route.b.inFlight.Add(1) // which the tunnel counts out
		if greets(server.buf[:server.n]) {
			c.greet(up)
		}
		c.tunnel(up, server.buf[:server.n])
		putBuffer(server.buf)
		return more
	case client.n > 0 && interrupted(server.err):
		up.route.put(up, clock())
		return certain
	case ended(client.err) && interrupted(server.err):
		// It may be waiting for what the server says, with nothing to say.
		up.close()
		c.eof = true
		return opaque
	}
	up.close()
	switch {
	case client.n > 0:
		return certain
	case interrupted(client.err) && !c.r.stopping.Load() && !up.route.wanted():
		return certain // the backend is going: another may do
	}
	return more
}
