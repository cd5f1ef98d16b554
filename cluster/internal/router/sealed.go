package router

import "time"

// A connection with TLS stays with one backend, which alone has its keys. The
// requests in it cannot be seen, but its client is not to be answered by old code
// for as long as it keeps the connection. So when the backend is to have nothing new,
// the connection is ended once it is idle, as servers end idle connections: the
// client opens another one for its next request, which goes to another backend.
//
// It is idle when the backend has had the last word and a while has passed. That says
// less than elsewhere. A server's tickets are words of its own and may cross the
// client's first request (RFC 8446, section 4.6.1), and in HTTP/2 a stream may be
// waited for beside others that were answered. Hence two limits: sealedLull, and
// Options.Silence while the last answer may have been a ticket.
const (
	sealedLull = 3 * time.Second
	// surelyAsked is the turn of the client in which it asks again, after an answer
	// to its first request: at most three go before, two of them ClientHellos and one
	// that ends the handshake and may begin the first request.
	surelyAsked = 4
	// answerPause is how long a backend that was given the end is silent when it has
	// nothing more to say.
	answerPause = 200 * time.Millisecond
)

// retire has the backend get no more of the client's bytes if the tunnel is idle at
// some clock time, and reports whether that is so, by this call or an earlier one.
func (w *lastWord) retire(now int64, lull, silence time.Duration) bool {
	limit := silence
	if w.turns.Load() >= surelyAsked {
		limit = min(lull, silence)
	}
	at := w.at.Load()
	return at == noMore || w.silent(at, now, limit) && w.at.CompareAndSwap(at, noMore)
}

// retire is the same now, by the router's limits.
func (up *upstream) retire() bool {
	r := up.route.b.r
	return up.word.retire(clock(), r.sealedLull, r.opts.Silence)
}

// sealing is why nobody can look into a tunnel.
type sealing int8

const (
	unsealed  sealing = iota
	byTLS             // it begins with a handshake (RFC 8446, section 5.1)
	byConnect         // it is one of CONNECT
)

// sealing returns why nobody can look into a tunnel that is about to begin.
func (c *conn) sealing() sealing {
	const handshake = 0x16
	switch {
	case c.req.method == methodConnect:
		return byConnect
	case c.lo < c.hi && c.buf[c.lo] == handshake:
		return byTLS
	}
	return unsealed
}

// seal takes note of a connection that nobody can look into.
func (rt *route) seal(up *upstream, by sealing) {
	rt.mu.Lock()
	defer rt.mu.Unlock()
	up.sealed = by
}

// seal takes note of what a tunnel that begins carries. If that is TLS, the backend may
// have left just now, when it was not known yet.
func (c *conn) seal(up *upstream) {
	up.route.seal(up, c.sealing())
	if up.sealed == byTLS && !up.route.b.IsReady() {
		c.lookAgain(up)
	}
}

// lookAgain has the sweeper interrupt the wait for the backend in a while.
func (c *conn) lookAgain(up *upstream) {
	c.slot.up.Store(up)
	c.phase(leaving)
}

// departSealed does what is due on a tunnel with TLS whose backend has nothing to
// say, and reports whether the tunnel is over. The backend is told that the client has
// ended its direction, so that it ends the connection as TLS has it; but it is not
// waited for long, unless it answers all the same.
func (c *conn) departSealed(up *upstream) bool {
	switch {
	case c.away && clock()-c.lately >= int64(answerPause):
		return true
	case c.away: // it is answering all the same
	case up.word.at.Load() != noMore && up.route.b.IsReady():
		c.phase(idle)
		return false
	case up.retire():
		c.stopLink()
		up.finish()
		c.away, c.lately = true, clock()
	}
	c.lookAgain(up)
	return false
}
