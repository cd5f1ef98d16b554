package router

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"strings"
)

// refuse answers a request for which no backend could be had, and reports
// whether the connection goes on.
func (c *conn) refuse(why error) bool {
	c.x.up = nil
	switch {
	case errors.Is(why, errLeft):
		c.r.left.Add(1)
		c.note(0, ClientLeft)
		fallthrough
	case errors.Is(why, errStopping):
		c.lo, c.hi = 0, 0
		return false
	}
	c.r.refused.Add(1)
	now := c.port.standing() // before Explain: what comes after it is news
	e := c.r.opts.Explain(c.trusted())
	if e.Summary == "" {
		e.Summary = why.Error()
	}
	on := c.replyPage(page{status: "503 Service Unavailable", again: true, serves: now.edition, Explanation: e})
	c.note(503, NoWorker)
	return on
}

// badGateway answers a request that was lost and may not be sent again. It may be
// what the backend has died of: so a browser asks for it again only when another
// generation serves.
func (c *conn) badGateway() bool {
	c.r.badGates.Add(1)
	again := "the request may have had effects, so it was not sent again"
	if c.x.replays > 0 && c.req.method.idempotent() {
		again = "the request was sent again, and lost again"
	}
	return c.replyPage(page{
		status: "502 Bad Gateway", serves: c.x.up.route.b.edition(),
		Explanation: Explanation{Summary: "the worker ended the connection before it answered; " + again},
	})
}

// local says whether the client is on this machine.
func (c *conn) local() bool {
	a, ok := c.tcp.RemoteAddr().(*net.TCPAddr)
	return ok && a.AddrPort().Addr().Unmap().IsLoopback()
}

// trusted says whether the client may see details. A proxy on this machine makes
// every client look local, and says so (RFC 7239, section 7.4, and custom).
func (c *conn) trusted() bool {
	a, ok := c.tcp.RemoteAddr().(*net.TCPAddr)
	if !ok || !c.r.opts.Trust(a.AddrPort().Addr().Unmap()) {
		return false
	}
	head := c.buf[c.lo : c.lo+min(c.req.size, c.hi-c.lo)]
	for _, name := range []string{"forwarded", "x-forwarded-for", "x-real-ip", "via"} {
		if _, _, through := fieldAt(head, name, 0); through {
			return false
		}
	}
	return true
}

// replyPage writes a page, or for who is no browser, its text.
func (c *conn) replyPage(p page) bool {
	a := answer{status: p.status, kind: "text/plain; charset=utf-8", fields: "Retry-After: 1\r\n"}
	head := c.buf[c.lo : c.lo+min(c.x.size, c.req.size)]
	if wantsHTML(head) {
		p.method, _, _ = strings.Cut(string(head), " ")
		a.kind, a.body = "text/html; charset=utf-8", p.html()
		c.r.browsed.Store(true)
	} else {
		a.body = p.plain(p.status)
	}
	return c.reply(a)
}

// answer is a response of the router's own.
type answer struct {
	status, kind string
	fields       string // further ones, each with its line end
	body         string
}

// reply writes a response of the router's own. The connection goes on if all of
// the request is here and both sides mean to.
func (c *conn) reply(a answer) bool {
	on := c.x.whole && c.req.persists()
	option := ""
	if !on {
		option = "Connection: close\r\n"
	}
	if c.req.minor == 0 && on {
		option = "Connection: keep-alive\r\n"
	}
	text := fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n"+
		"Cache-Control: no-store\r\n%s%s\r\n", a.status, a.kind, len(a.body), a.fields, option)
	if c.req.method != methodHead {
		text += a.body
	}
	err := c.write([]byte(text))
	c.r.ownBytes.Add(uint64(len(text)))
	c.x.out += int64(len(text))
	c.consume()
	if err == nil && !on {
		c.takeLeave()
	}
	return err == nil && on
}

// wantsHTML says whether the Accept field of a request names text/html.
func wantsHTML(req []byte) bool {
	for line := range bytes.Lines(req) {
		name, value, ok := bytes.Cut(line, []byte{':'})
		if ok && foldEqual(name, "accept") && bytes.Contains(value, []byte("text/html")) {
			return true
		}
	}
	return false
}
