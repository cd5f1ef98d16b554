package router

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestHold keeps requests waiting until a worker is ready.
func TestHold(t *testing.T) {
	r, p := newRouter(t, Options{})
	mark := r.Mark()
	defer mark.Close()
	var clients []sock
	for range 10 {
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, postRequest)
		clients = append(clients, c)
	}
	eventually(t, "all are held", func() bool { return r.Stats().Held == 10 })
	w := healthy(t, postRequest)
	backend(r, p, 1, addrOf(w.ln))
	for _, c := range clients {
		expect(t, c, okResponse)
	}
	eventually(t, "all are counted", func() bool { return r.Stats().Requests == 10 })
	if s := quietStats(t, r); s.Held != 0 || s.Refused != 0 {
		t.Errorf("stats %+v", s)
	}
	if got := mark.Receipt(); got.Requests != 10 || got.Failed != 0 || got.MaxWait <= 0 {
		t.Errorf("receipt %+v", got)
	}
}

// TestHoldSurvivesDeath has only a worker that is dead, and nobody has said so
// yet; the request waits for the next one.
func TestHoldSurvivesDeath(t *testing.T) {
	r, p := newRouter(t, Options{})
	b := backend(r, p, 1, refusing(t))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, postRequest)
	eventually(t, "the request is held", func() bool { return r.Stats().Held == 1 })
	b.Close()
	w := healthy(t, postRequest)
	backend(r, p, 2, addrOf(w.ln))
	expect(t, c, okResponse)
}

// TestHeldClientLeaves has a client reset its connection while its request waits for
// a worker: no worker is to carry out what nobody asks for any more. One that has
// only ended its direction waits for its answer.
func TestHeldClientLeaves(t *testing.T) {
	for _, tt := range []struct {
		name, sent string
		leave      func(c sock)
		served     bool
	}{
		{"reset", postRequest, sock.abort, false},
		{"reset, with more behind it", postRequest + postRequest, sock.abort, false},
		{"reset after its end", postRequest, func(c sock) { c.finish(); c.abort() }, false},
		{"ended", postRequest, sock.finish, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			leaves := dialRouter(t, p.Addr())
			fmt.Fprint(leaves, tt.sent)
			eventually(t, "it is held", func() bool { return r.Stats().Held == 1 })
			tt.leave(leaves)
			if !tt.served {
				eventually(t, "the reset is there", func() bool {
					all := true
					r.conns.each(func(c *conn) { all = all && failed(&c.wire) })
					return all
				})
			}
			stays := dialRouter(t, p.Addr())
			fmt.Fprint(stays, getRequest)
			eventually(t, "the other is held", func() bool { return r.Stats().Held == 2 })
			known := []string{getRequest}
			if tt.served {
				known = append(known, postRequest)
			}
			b := backend(r, p, 1, addrOf(healthy(t, known...).ln))
			expect(t, stays, okResponse)
			eventually(t, "the other's connection is over", func() bool { return r.openConns.Load() == 1 })
			s := quietStats(t, r)
			if s.Requests != 2 || s.Held != 0 || s.Errors+s.Refused != 0 {
				t.Errorf("stats %+v", s)
			}
			if tt.served {
				expect(t, leaves, okResponse)
				expectEnd(t, leaves)
			} else if s.Aborted != 1 || b.Stats().Requests != 1 {
				t.Errorf("stats %+v, of the worker %+v", s, b.Stats())
			}
		})
	}
}

// TestRefusal asks for what nobody can serve.
func TestRefusal(t *testing.T) {
	r, p := newLingeringRouter(t, Options{
		Hold: time.Millisecond,
		Explain: func(bool) Explanation {
			return Explanation{Summary: "build failed", Parts: []Part{{Title: "main.go:7", Message: "x <undefined>"}}}
		},
	})
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	if page := expectStatus(t, c, "503 Service Unavailable"); page != "503 Service Unavailable\nbuild failed\n\nmain.go:7: x <undefined>\n" {
		t.Errorf("plain: %q", page)
	}
	fmt.Fprint(c, "GET / HTTP/1.1\r\nAccept: text/html,*/*\r\n\r\n")
	page := expectStatus(t, c, "503 Service Unavailable")
	for _, want := range []string{"<h1>build failed</h1>", "<h2>main.go:7</h2>", "<p>x &lt;undefined&gt;</p>"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in %q", want, page)
		}
	}
	// A body that is still coming is read, so that the answer arrives.
	fmt.Fprint(c, "POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n")
	expectStatus(t, c, "503 Service Unavailable")
	fmt.Fprint(c, strings.Repeat("x", 100000))
	c.finish()
	expectEnd(t, c)
	if s := quietStats(t, r); s.Refused != 3 || s.Failed != 3 || s.Status[5] != 3 || s.Requests != 3 || s.Errors != 0 {
		t.Errorf("stats %+v", s)
	}
}

// TestTooManyHeld refuses at once what is above the bound.
func TestTooManyHeld(t *testing.T) {
	r, p := newRouter(t, Options{MaxHeld: 1})
	first := dialRouter(t, p.Addr())
	fmt.Fprint(first, getRequest)
	eventually(t, "the first is held", func() bool { return r.Stats().Held == 1 })
	second := dialRouter(t, p.Addr())
	fmt.Fprint(second, getRequest)
	expectStatus(t, second, "503 Service Unavailable")
	w := healthy(t, getRequest)
	backend(r, p, 1, addrOf(w.ln))
	expect(t, first, okResponse)
}
