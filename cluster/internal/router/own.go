package router

import (
	"bytes"
	_ "embed" // the script
)

// The router answers for these paths itself once a browser has been given
// something that asks for them: a page of the router's own, or, if pages are to
// reload, any page. Until then they are the app's like all others.
const (
	ownPrefix  = "GET /.gcl-tui/"
	streamPath = "live"
	scriptPath = "live.js"
)

//go:embed assets/live.js
var liveScript string

// ownPath returns what the request at hand, if all of it is here, asks for below
// ownPrefix; empty if it is for the app.
func (c *conn) ownPath() string {
	path, own := bytes.CutPrefix(c.buf[c.lo:c.lo+c.req.size], []byte(ownPrefix))
	if !own || !c.x.whole {
		return ""
	}
	path = path[:bytes.IndexAny(path, " ?")]
	if string(path) == streamPath || c.r.opts.LiveReload && string(path) == scriptPath {
		return string(path)
	}
	return ""
}

// serveOwn answers such a request and reports whether the connection goes on.
// It is not counted as one of the app's.
func (c *conn) serveOwn(path string) bool {
	if path == streamPath {
		c.follow()
		return false
	}
	return c.reply(answer{status: "200 OK", kind: "text/javascript; charset=utf-8", body: liveScript})
}
