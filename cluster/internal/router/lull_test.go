package router

import (
	"fmt"
	"testing"
)

// TestLull looks at a tunnel after either side has spoken.
func TestLull(t *testing.T) {
	r, p := newRouter(t, Options{})
	asked, answer := make(chan struct{}), make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		for w.request(c, "\x01") != "" {
			asked <- struct{}{}
			<-answer
			fmt.Fprint(c, "\x02")
		}
	})
	b := backend(r, p, 1, addrOf(w.ln))
	if !b.Lull() {
		t.Error("no lull without a connection")
	}
	c := dialRouter(t, p.Addr())
	for range 2 {
		fmt.Fprint(c, "\x01")
		<-asked
		if b.Lull() {
			t.Error("a lull while the client waits for an answer")
		}
		answer <- struct{}{}
		expect(t, c, "\x02")
		eventually(t, "there is a lull", b.Lull)
	}
	drained := b.Drain()
	if !b.Lull() {
		t.Error("no lull in a drain")
	}
	select {
	case <-drained:
		t.Error("a lull is an end")
	default:
	}
}

// TestRequestIsNoLull has a request wait for its response.
func TestRequestIsNoLull(t *testing.T) {
	r, p := newRouter(t, Options{})
	asked, answer := make(chan struct{}), make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		w.request(c, getRequest)
		asked <- struct{}{}
		<-answer
		fmt.Fprint(c, okResponse)
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	<-asked
	if b.Lull() {
		t.Error("a lull with a request in flight")
	}
	close(answer)
	expect(t, c, okResponse)
	eventually(t, "there is a lull", b.Lull)
}

// TestLastWord has one side speak before the other is done.
func TestLastWord(t *testing.T) {
	var w lastWord
	later := func() int64 { return clock() + int64(lull) }
	check := func(when string, want bool) {
		t.Helper()
		if w.lulled(clock()) && when != "before all" || w.lulled(later()) != want {
			t.Errorf("%s: a lull at once %v, later %v, want it later %v", when, w.lulled(clock()), w.lulled(later()), want)
		}
	}
	check("before all", true)
	w.backend()
	check("while bytes of the backend are on their way", false)
	w.backendDone()
	check("when they are there", true)
	w.backend()
	w.client()
	w.backendDone()
	check("when the client has spoken meanwhile", false)
	w.sending.Store(true)
	w.client()
	w.backend()
	w.backendDone()
	check("while bytes of the client are on their way", false)
	before := clock()
	w.clientDone()
	check("when they are there", true)
	if w.at.Load() < before {
		t.Error("the silence is as old as what the backend has said meanwhile")
	}
}

// lullsSoon says whether there would be a lull in a second if nothing came until
// then.
func lullsSoon(b *Backend, p *Port) bool { return b.routes[p].lulled(clock() + int64(lull)) }

// TestEndOfADirection: a client that has ended its direction waits for an answer,
// and nobody waits for a backend that has.
func TestEndOfADirection(t *testing.T) {
	r, p := newRouter(t, Options{})
	ended, answer := make(chan struct{}), make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		switch w.request(c, "\x01", "\x02") {
		case "\x01":
			fmt.Fprint(c, "so far")
			expectEnd(t, c)
			ended <- struct{}{}
			<-answer
			fmt.Fprint(c, "in all")
		case "\x02":
		}
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, "\x01")
	expect(t, c, "so far")
	c.finish()
	<-ended
	if lullsSoon(b, p) {
		t.Error("a lull while the client waits for all")
	}
	close(answer)
	expect(t, c, "in all")
	expectEnd(t, c)

	c = dialRouter(t, p.Addr())
	fmt.Fprint(c, "\x02")
	expectEnd(t, c)
	eventually(t, "there is a lull", b.Lull)
}

// TestTLSHasNoLull: who has the last word says nothing there.
func TestTLSHasNoLull(t *testing.T) {
	for first, want := range map[string]bool{
		"\x01": true, "\x16\x03\x01": false, "CONNECT a:443 HTTP/1.1\r\n\r\n": false,
	} {
		r, p := newRouter(t, Options{})
		const answer = "HTTP/1.1 200 OK\r\n\r\n"
		w := newWorker(t, func(w *worker, c sock) {
			for w.request(c, first) != "" {
				fmt.Fprint(c, answer)
			}
		})
		b := backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, first)
		expect(t, c, answer)
		eventually(t, "it is a tunnel", func() bool { s := b.Stats(); return s.Tunnels == 1 && s.InFlight == 0 })
		if !want {
			if lullsSoon(b, p) {
				t.Errorf("a lull after %q", first)
			}
			continue
		}
		eventually(t, "there is a lull", b.Lull)
	}
}
