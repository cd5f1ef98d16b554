package router

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

// TestUnreadBody has a worker that never reads a body, and so takes one for the
// beginning of the next request. The next client gets a connection on which
// nothing is left.
func TestUnreadBody(t *testing.T) {
	const (
		head    = "GET / HTTP/1.1\r\nContent-Length: 33\r\n\r\n"
		hidden  = "GET /hidden HTTP/1.1\r\nX-Swallow: "
		post    = "POST / HTTP/1.1\r\nContent-Length: 33\r\n\r\n"
		victim  = "GET /victim HTTP/1.1\r\n\r\n"
		trapped = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden"
	)
	for _, tt := range []struct {
		name, head string
		waits      bool // for the response before it sends the body
	}{
		{"of a GET", head, false},
		{"of a GET, after the response", head, true},
		{"of a POST", post, false},
		{"of a POST, after the response", post, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			w := newWorker(t, func(w *worker, c sock) {
				for {
					switch w.request(c, head, post, victim, hidden) {
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
			if tt.waits {
				fmt.Fprint(c, tt.head)
				expect(t, c, okResponse)
				fmt.Fprint(c, hidden)
			} else {
				fmt.Fprint(c, tt.head+hidden)
				expect(t, c, okResponse)
			}
			eventually(t, "the exchange is over", func() bool { return b.Stats().InFlight == 0 })
			next := dialRouter(t, p.Addr())
			fmt.Fprint(next, victim)
			expect(t, next, okResponse)
		})
	}
}

// TestBodiedConnection has one connection to the worker carry all that a client
// sends, once a body was among it, and none of what others send; and end with the
// client.
func TestBodiedConnection(t *testing.T) {
	const chunked = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"
	r, p := newRouter(t, Options{})
	var ended atomic.Int32
	w := newWorker(t, func(w *worker, c sock) {
		for w.request(c, getRequest, chunked) != "" {
			fmt.Fprint(c, okResponse)
		}
		ended.Add(1)
	})
	b := backend(r, p, 1, addrOf(w.ln))
	ask := func(c sock, request string) {
		fmt.Fprint(c, request)
		expect(t, c, okResponse)
		eventually(t, "the exchange is over", func() bool { return b.Stats().InFlight == 0 })
	}
	one, other := dialRouter(t, p.Addr()), dialRouter(t, p.Addr())
	ask(one, chunked)
	ask(one, getRequest)
	ask(one, chunked)
	if n := w.accepted(); n != 1 {
		t.Errorf("one client's requests took %d connections", n)
	}
	ask(other, getRequest)
	if n := w.accepted(); n != 2 {
		t.Errorf("two clients' requests took %d connections, want one each", n)
	}
	one.Close()
	eventually(t, "the connection ends with its client", func() bool { return ended.Load() == 1 })
	ask(other, getRequest)
	if n := w.accepted(); n != 2 {
		t.Errorf("the other client was given connection %d", n)
	}
}

// TestOldConnection has a connection that was idle for long, so that its worker may
// close it at any moment. Only what can be sent again is sent on it.
func TestOldConnection(t *testing.T) {
	put := strings.Replace(postRequest, "POST", "PUT", 1)
	r, p := newRouter(t, Options{})
	w := healthy(t, postRequest, put)
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	for i, tt := range []struct {
		request string
		conns   int
	}{{postRequest, 1}, {put, 1}, {postRequest, 2}} {
		fmt.Fprint(c, tt.request)
		expect(t, c, okResponse)
		eventually(t, "the exchange is over", func() bool { return b.Stats().InFlight == 0 })
		if n := w.accepted(); n != tt.conns {
			t.Errorf("after request %d there were %d connections, want %d", i+1, n, tt.conns)
		}
		rt := b.routes[p]
		rt.mu.Lock()
		for up := range rt.kept {
			up.idle -= int64(freshFor)
		}
		rt.mu.Unlock()
	}
}

// TestKeptConnections are closed when their backend drains, and when a client has
// too many.
func TestKeptConnections(t *testing.T) {
	r, p := newRouter(t, Options{Policy: RoundRobin})
	var open atomic.Int32
	w := newWorker(t, func(w *worker, c sock) {
		open.Add(1)
		defer open.Add(-1)
		for w.request(c, postRequest) != "" {
			fmt.Fprint(c, okResponse)
		}
	})
	c := dialRouter(t, p.Addr())
	var backends []*Backend
	for i := range keptPerClient + 4 {
		backends = append(backends, backend(r, p, i, addrOf(w.ln)))
	}
	for range 2 * len(backends) {
		fmt.Fprint(c, postRequest)
		expect(t, c, okResponse)
	}
	eventually(t, "so many stay", func() bool { return open.Load() == keptPerClient })
	for _, b := range backends {
		<-b.Drain()
	}
	eventually(t, "none stays", func() bool { return open.Load() == 0 })
}
