package router

import (
	"fmt"
	"testing"
)

// TestUnreadBody has a worker that never reads a body, and so takes one for the
// beginning of the next request. Where the router can tell that this may be, the
// next client gets a connection on which nothing is left.
func TestUnreadBody(t *testing.T) {
	const (
		head    = "GET / HTTP/1.1\r\nContent-Length: 33\r\n\r\n"
		hidden  = "GET /hidden HTTP/1.1\r\nX-Swallow: "
		early   = "POST / HTTP/1.1\r\nContent-Length: 33\r\n\r\n"
		victim  = "GET /victim HTTP/1.1\r\n\r\n"
		trapped = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden"
	)
	for _, tt := range []struct {
		name, head string
		waits      bool // for the response before it sends the body
	}{
		{"of a GET", head, false},
		{"of a GET, after the response", head, true},
		{"of a POST, after the response", early, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			w := newWorker(t, func(w *worker, c sock) {
				for {
					switch w.request(c, head, early, victim, hidden) {
					case "":
						return
					case hidden:
						if w.request(c, victim) != "" {
							fmt.Fprint(c, trapped)
						}
					default:
						fmt.Fprint(c, okResponse)
					}
				}
			})
			b := backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, tt.head)
			if tt.waits {
				expect(t, c, okResponse)
			}
			fmt.Fprint(c, hidden)
			if !tt.waits {
				expect(t, c, okResponse)
			}
			eventually(t, "the exchange is over", func() bool { return b.Stats().InFlight == 0 })
			next := dialRouter(t, p.Addr())
			fmt.Fprint(next, victim)
			expect(t, next, okResponse)
		})
	}
}
