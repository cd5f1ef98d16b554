package router

import "time"

// lingerFor is how long a client may go on sending after its last response.
const lingerFor = 2 * time.Second

// takeLeave comes after the last response to the client. It lingers if the client may
// still be sending: more of the request, the next one since it has not seen yet that
// there is to be none, or a line break for no reason.
func (c *conn) takeLeave() {
	var b [1]byte
	if c.x.whole && c.lo == c.hi && !c.req.persists() {
		if n, _ := c.poll(b[:]); n == 0 {
			return
		}
	}
	c.linger()
}

// linger ends the direction to the client and reads what it still sends until
// it ends its own. Closing with unread bytes would reset the connection, and a
// reset can overtake the last response (RFC 9112, section 9.6).
func (c *conn) linger() {
	c.lo, c.hi = 0, 0
	c.halfClose()
	_ = c.tcp.SetReadDeadline(time.Now().Add(c.r.lingers))
	for {
		b, _, err := c.readIdle(nil, bufferSize)
		if err != nil {
			return
		}
		putBuffer(b)
	}
}
