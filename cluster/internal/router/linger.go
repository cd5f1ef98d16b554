package router

import "time"

// lingerFor is how long a client may go on sending after its last response.
const lingerFor = 2 * time.Second

// linger ends the direction to the client and reads what it still sends until
// it ends its own. Closing with unread bytes would reset the connection, and a
// reset can overtake the last response (RFC 9112, section 9.6).
func (c *conn) linger() {
	c.lo, c.hi = 0, 0
	c.halfClose()
	_ = c.tcp.SetReadDeadline(time.Now().Add(c.r.lingers))
	b := getBuffer()
	defer putBuffer(b)
	for {
		if _, err := c.read(b[:]); err != nil {
			return
		}
	}
}
