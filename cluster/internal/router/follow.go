package router

import (
	"sync/atomic"
	"time"
)

const (
	// heartbeat is how often a stream says something, so that one whose client
	// is gone without a word ends.
	heartbeat = 15 * time.Second
	// followerPatience is how long a client may take to make room for a few
	// bytes.
	followerPatience = 5 * time.Second
)

// followHead begins a stream of server-sent events (HTML standard, section 9.2)
// that ends with its connection.
const followHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n" +
	"Cache-Control: no-store\r\nConnection: close\r\n\r\n"

// follow tells the client what the port can offer, now and at each change, until
// it leaves or the router stops. It holds no buffer.
func (c *conn) follow() {
	c.consume()
	c.lo, c.hi = 0, 0
	c.releaseIdle()
	c.slot.set(idle)
	var over atomic.Bool
	left := make(chan struct{})
	go c.discard(&over, left)
	c.tellChanges(left)
	over.Store(true)
	c.interrupt()
	<-left
}

func (c *conn) tellChanges(left <-chan struct{}) {
	beat := time.NewTicker(c.r.heartbeat)
	defer beat.Stop()
	told, text := standing{}, followHead
	for {
		changed := c.r.changes()
		if now := c.port.standing(); now != told && now.kind != "" {
			told = now
			text += now.event()
		}
		if text != "" && c.tell(text) != nil {
			return
		}
		text = ""
		select {
		case <-changed:
		case <-beat.C:
			text = ":\n\n" // a comment
		case <-left:
			return
		}
	}
}

func (c *conn) tell(text string) error {
	_ = c.tcp.SetWriteDeadline(time.Now().Add(followerPatience))
	c.r.ownBytes.Add(uint64(len(text)))
	return c.write([]byte(text))
}

// discard reads what the client of a stream sends, which means nothing, until it
// leaves, the router stops, or the stream is over. It runs in a goroutine of its
// own and closes left at its end.
func (c *conn) discard(over *atomic.Bool, left chan<- struct{}) {
	defer close(left)
	for {
		b, _, err := c.readIdle(nil, bufferSize)
		switch {
		case err == nil:
			putBuffer(b)
		case !interrupted(err):
			return
		default:
			// Resuming may undo an interruption whose reason was set before
			// it: so that is looked at last.
			c.resume()
			if over.Load() || c.r.stopping.Load() {
				return
			}
		}
	}
}
