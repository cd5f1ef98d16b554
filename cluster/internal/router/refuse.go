package router

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"net"
	"strings"
)

// refuse answers a request for which no backend could be had, and reports
// whether the connection goes on.
func (c *conn) refuse(why error) bool {
	if errors.Is(why, errStopping) {
		c.lo, c.hi = 0, 0
		return false
	}
	c.r.refused.Add(1)
	summary, detail := c.r.opts.Explain()
	if summary == "" {
		summary = why.Error()
	}
	if !c.local() {
		detail = ""
	}
	c.x.up = nil
	on := c.reply(503, "Service Unavailable", summary, detail)
	c.note(503, NoWorker)
	return on
}

// badGateway answers a request that was lost and may not be sent again.
func (c *conn) badGateway() bool {
	c.r.badGates.Add(1)
	return c.reply(502, "Bad Gateway", "the worker ended the connection before it answered; "+
		"the request may have had effects, so it was not sent again", "")
}

// local says whether the client is on this machine.
func (c *conn) local() bool {
	a, ok := c.tcp.RemoteAddr().(*net.TCPAddr)
	return ok && a.AddrPort().Addr().Unmap().IsLoopback()
}

// reply writes a response of the router's own. The connection goes on if all of
// the request is here and both sides mean to.
func (c *conn) reply(status int, reason, summary, detail string) bool {
	req := c.buf[c.lo:c.hi]
	kind, page := "text/plain; charset=utf-8", plainPage(status, reason, summary, detail)
	if c.x.size > 0 && wantsHTML(req[:c.x.size]) {
		kind, page = "text/html; charset=utf-8", htmlPage(status, reason, summary, detail)
	}
	on := c.x.whole && c.req.persists()
	option := ""
	if !on {
		option = "Connection: close\r\n"
	}
	if c.req.minor == 0 && on {
		option = "Connection: keep-alive\r\n"
	}
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n"+
		"Cache-Control: no-store\r\nRetry-After: 1\r\n%s\r\n", status, reason, kind, len(page), option)
	if c.req.method == methodHead {
		page = ""
	}
	err := c.write([]byte(head + page))
	c.r.ownBytes.Add(uint64(len(head) + len(page)))
	c.x.out += int64(len(head) + len(page))
	c.consume()
	if err == nil && !c.x.whole {
		c.linger()
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

func plainPage(status int, reason, summary, detail string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s\n%s\n", status, reason, summary)
	if detail != "" {
		fmt.Fprintf(&b, "\n%s\n", strings.TrimRight(detail, "\n"))
	}
	return b.String()
}

// htmlPage asks again once a second, so that the app appears when it is back.
func htmlPage(status int, reason, summary, detail string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<title>%d %s</title>
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:10vh auto;padding:0 1.5rem}
h1{font-size:1.25rem}
pre{font:13px/1.5 ui-monospace,monospace;padding:1rem;overflow:auto;border:1px solid #8886;border-radius:6px}
</style></head>
<body><h1>%s</h1>
`, status, reason, html.EscapeString(summary))
	if detail != "" {
		fmt.Fprintf(&b, "<pre>%s</pre>\n", html.EscapeString(detail))
	}
	b.WriteString("</body></html>\n")
	return b.String()
}
