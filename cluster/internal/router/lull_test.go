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
}
