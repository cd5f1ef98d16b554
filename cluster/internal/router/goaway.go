package router

import (
	"encoding/binary"
	"time"
)

// An HTTP/2 connection stays with one backend, since the streams on it share
// state (header tables, windows) that no other backend has. When that backend is
// to have nothing new, the client is told so by the protocol's own means (RFC
// 9113, section 6.8), as every proxy that drains does: a GOAWAY frame that names
// the highest stream there can be. What the client has sent is served, and for its
// next request it opens a connection, which goes to another backend.
//
// The bytes of the backend are not disturbed by that: the frame is put between two
// of its frames, where the observer is certain of its place and after the
// server's first SETTINGS. It belongs to no stream and changes no state of the
// connection. A GOAWAY of the server's own may follow, for the stream it names can
// only be lower; after one, nothing is put in.
//
// Once the client has had time to hear of it and nothing is under way, the router
// ends the connection, after a second GOAWAY with the last stream that has reached
// the backend: the client can tell for certain what was not served.

const (
	goAwaySize = frameHeadSize + 8
	// maxStream is the highest identifier a stream can have.
	maxStream = 1<<31 - 1
	// goAwayLimit bounds how long Shift waits for clients to be told, which is
	// for those that do not read and for servers that pause within a frame.
	goAwayLimit = 100 * time.Millisecond
)

// goAwayFrame returns a GOAWAY frame with NO_ERROR.
func goAwayFrame(last uint32) []byte {
	b := make([]byte, goAwaySize)
	b[2], b[3] = goAwaySize-frameHeadSize, frameGoAway
	binary.BigEndian.PutUint32(b[frameHeadSize:], last)
	return b
}

// goingAway is how far a client has been told to go elsewhere.
type goingAway struct {
	wanted  bool
	told    bool          // by the router
	settled bool          // by whomever, or it never will be
	done    chan struct{} // closed when settled; made when wanted
}

func (g *goingAway) settle() {
	if g.settled = true; g.done != nil {
		close(g.done)
		g.done = nil
	}
}

// sendAway asks for the client to be told. It returns what is closed when that is
// done; nil if there is nothing to wait for, or somebody has waited before.
func (h *http2) sendAway() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	g := &h.away
	if g.settled || g.wanted {
		return nil
	}
	g.wanted, g.done = true, make(chan struct{})
	return g.done
}

// due says whether the client is to be told at this very place. The caller holds
// h.mu.
func (h *http2) due() bool {
	return h.away.wanted && !h.away.settled && h.greeted && h.fromServer.between()
}

// isDue is due for the goroutine that carries the server's bytes, nil included.
func (h *http2) isDue() bool {
	if h == nil {
		return false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.due()
}

// told takes note that the client has been told.
func (h *http2) told() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away.told = true
	h.away.settle()
}

// parting says whether the router has told the client, and if so, whether nothing
// is under way now and which stream was the last. A nil observer has told nobody.
func (h *http2) parting() (told, quiet bool, newest uint32) {
	if h == nil {
		return false, false, 0
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	quiet = !h.lost && len(h.open) == 0 && h.fromServer.between() && (h.fromClient.between() || h.fromClient.fresh())
	return h.away.told, quiet, h.newest
}

// pass forwards bytes of the backend, and what is due between them.
func (c *conn) pass(up *upstream, b []byte) error {
	up.word.backend()
	defer up.word.backendDone()
	for {
		n, due := c.http2.server(b)
		if err := c.write(b[:n]); err != nil {
			return err
		}
		up.route.b.bytesOut.Add(uint64(n))
		if b = b[n:]; !due {
			return nil
		}
		if err := c.tellAway(up); err != nil {
			return err
		}
	}
}

// tellAway tells the client to go elsewhere, and has the sweeper look from time to
// time whether it has.
func (c *conn) tellAway(up *upstream) error {
	if err := c.writeGoAway(maxStream); err != nil {
		return err
	}
	c.http2.told()
	c.lookAgain(up)
	return nil
}

func (c *conn) writeGoAway(last uint32) error {
	c.r.ownBytes.Add(goAwaySize)
	return c.write(goAwayFrame(last))
}

// depart does what is due on a tunnel whose backend has nothing to say, and
// reports whether the tunnel is over.
func (c *conn) depart(up *upstream) bool {
	if up.sealed == byTLS {
		return c.departSealed(up)
	}
	if c.http2.isDue() {
		if c.tellAway(up) != nil {
			up.reset()
			return true
		}
		return false // its next request may be on the way already
	}
	told, quiet, _ := c.http2.parting()
	if !told {
		return false
	}
	if !quiet {
		c.phase(leaving)
		return false
	}
	return c.endQuiet(up)
}

// endQuiet ends a tunnel on which nothing is under way, unless the client has
// begun something after all.
func (c *conn) endQuiet(up *upstream) bool {
	c.stopLink()
	if _, quiet, newest := c.http2.parting(); quiet {
		_ = c.writeGoAway(newest)
		c.away = true
		return true
	}
	c.startLink(up, bodyGarbled, (*conn).passAll)
	c.phase(leaving)
	return false
}
