package router

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// TestClientLeavesAtEveryByte has a client leave after each number of bytes that it
// says, and that a worker says, in each way there is.
func TestClientLeavesAtEveryByte(t *testing.T) {
	const (
		chunked    = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n3;x=1\r\nabc\r\n0\r\nT: 1\r\n\r\n"
		chunkedToo = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nT: 1\r\n\r\n"
		upgrade    = "GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"
		switching  = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n"
		hints      = "HTTP/1.1 103 Early Hints\r\n\r\n"
	)
	for _, d := range []dialogue{
		{name: "GET", turns: []turn{{ask: getRequest, answer: hints + okResponse, final: true}}},
		{name: "POST", turns: []turn{{ask: postRequest, answer: okResponse, final: true}}},
		{name: "chunked", turns: []turn{{ask: chunked, answer: chunkedToo, final: true}}},
		{name: "continue", turns: []turn{{ask: expectHead, answer: goOn}, {ask: "hello", answer: okResponse, goesOn: true, final: true}}},
		{name: "keep-alive", turns: []turn{{ask: getRequest, answer: okResponse, final: true}, {ask: postRequest, answer: nextResponse, final: true}}},
		{name: "pipelined", turns: []turn{{ask: getRequest, answer: okResponse, final: true}, {ask: postRequest, answer: nextResponse, final: true}}, pipelines: true},
		{name: "upgrade", turns: []turn{{ask: upgrade, answer: switching, final: true}, {ask: "ping", answer: "pong", goesOn: true}}, tunnel: true},
	} {
		for _, how := range []manner{byReset, byEnd, byClose} {
			t.Run(d.name+", "+string(how), func(t *testing.T) {
				keepsNothing(t, func() {
					for i, at := range d.points(how) {
						t.Run(at.String(), func(t *testing.T) { leaveAt(t, d, at, i%2 == 0) })
					}
				})
			})
		}
	}
}

// keepsNothing has no socket open after play that was not before, and no buffer lent
// twice.
func keepsNothing(t *testing.T, play func()) {
	t.Helper()
	before := openSockets(t)
	play()
	if after := openSockets(t); after > before { // others may have ended
		t.Errorf("%d sockets before, %d after", before, after)
	}
	noBufferTwice(t)
}

// leaveAt plays a dialogue of which the client leaves at a point, with a connection
// to the worker that another client has used, or a new one.
func leaveAt(t *testing.T, d dialogue, at point, used bool) {
	t.Helper()
	r, p := newRouter(t, Options{})
	r.deathNotice = 0 // the worker lives
	w := newPartner(t, d, at)
	b := backend(r, p, 1, addrOf(w.ln))
	others := 0
	if used {
		askWitness(t, r, dialRouter(t, p.Addr()))
		others++
	}
	want := d.departure(at)
	c := dialRouter(t, p.Addr())
	mine := connectionOf(t, r, c)
	w.playUntilPoint(t, r, c, want)
	switch at.how {
	case byReset:
		c.abort()
	case byClose:
		c.Close()
	case byEnd:
		c.finish()
	}
	close(w.goOn)
	if at.how == byEnd {
		if got, err := io.ReadAll(c); string(got) != want.got || err != nil {
			t.Errorf("the client got %q (%v), want %q", got, err, want.got)
		}
	}
	eventually(t, "the client's connection is over", func() bool {
		hurry(r)
		return r.openConns.Load() == int64(others)
	})
	askWitness(t, r, dialRouter(t, p.Addr()))
	w.compare(t, want)
	w.compareStats(t, quietStats(t, r), want, others+1)
	if mine.buf != nil || mine.x.extra != nil || mine.link.buf != nil || len(mine.kept) != 0 {
		t.Error("the connection holds buffers, or connections to the worker")
	}
	rt := b.routes[p]
	rt.mu.Lock()
	defer rt.mu.Unlock()
	if len(rt.all) != len(rt.idle) || len(rt.mute) != 0 {
		t.Errorf("%d connections to the worker, %d of them idle", len(rt.all), len(rt.idle))
	}
}

// askWitness has another client ask for something else.
func askWitness(t *testing.T, r *Router, c sock) {
	t.Helper()
	fmt.Fprint(c, witnessRequest)
	expect(t, c, witnessResponse)
	quietStats(t, r)
}

// playUntilPoint plays the client's part. It returns when the router and the worker
// have taken note of all that comes before the point.
func (p *partner) playUntilPoint(t *testing.T, r *Router, c sock, want departure) {
	t.Helper()
	read := 0
	for i := range p.at.turn {
		if !p.d.pipelines {
			fmt.Fprint(c, p.d.turns[i].ask)
			expect(t, c, p.d.turns[i].answer)
			read += len(p.d.turns[i].answer)
		}
	}
	ask := p.d.turns[p.at.turn].ask
	if p.d.pipelines {
		ask = p.d.asked(len(p.d.turns))
	}
	if !p.at.byWorker {
		ask = ask[:p.at.n]
	}
	fmt.Fprint(c, ask)
	if want.told {
		<-p.told
	}
	expect(t, c, want.has[read:])
	eventually(t, "the router has read all, and the worker its part", func() bool {
		seen, _ := p.view()
		return unreadBytes(r) == 0 && seen == want.before
	})
}

// compare waits for the end that the worker must see.
func (p *partner) compare(t *testing.T, want departure) {
	t.Helper()
	if p.at.blind(p.d) {
		seen, _ := p.view()
		if !strings.HasPrefix(p.d.asked(len(p.d.turns)), seen) || len(seen) < len(want.before) {
			t.Errorf("the worker saw %q", seen)
		}
		return
	}
	if want.ending != "" {
		eventually(t, "the worker feels the end", func() bool { _, ending := p.view(); return ending != "" })
	}
	seen, ending := p.view()
	if seen != want.seen || ending != want.ending {
		t.Errorf("the worker saw %q and then %q, want %q and %q", seen, ending, want.seen, want.ending)
	}
}

// compareStats compares what was counted, of the client and of so many others.
func (p *partner) compareStats(t *testing.T, s Stats, want departure, others int) {
	t.Helper()
	if s.Errors+s.Refused+s.Replays != 0 || s.InFlight+s.Held+s.Tunnels != 0 {
		t.Errorf("stats %+v", s)
	}
	if p.at.blind(p.d) {
		if mine := int(s.Requests) - others; mine < 1 || mine > len(p.d.turns) {
			t.Errorf("stats %+v", s)
		}
		return
	}
	answered := -others
	for _, n := range s.Status {
		answered += int(n)
	}
	if answered != want.answered || int(s.Aborted) != want.aborted || int(s.Requests) != others+answered+want.aborted {
		t.Errorf("%d answered, %d aborted, want %d and %d: %+v", answered, s.Aborted, want.answered, want.aborted, s)
	}
	in, out := len(want.seen)+others*len(witnessRequest), len(want.has+want.got)+others*len(witnessResponse)
	if int(s.BytesIn) != in || int(s.BytesOut) != out {
		t.Errorf("%d bytes in and %d out, want %d and %d", s.BytesIn, s.BytesOut, in, out)
	}
}

// hurry has every wait for a worker be a long one, so that its client is listened to.
func hurry(r *Router) {
	for _, chunk := range r.conns.all() {
		for i := range chunk {
			if state := chunk[i].state.Load(); state%phases == answering {
				r.conns.wake(&chunk[i], state)
			}
		}
	}
}

// connectionOf returns what the router has of a client.
func connectionOf(t *testing.T, r *Router, client sock) (found *conn) {
	t.Helper()
	eventually(t, "the connection is accepted", func() bool {
		r.mu.Lock() // as register does
		defer r.mu.Unlock()
		r.conns.each(func(c *conn) {
			if addrPort(c.tcp.RemoteAddr()) == addrPort(client.LocalAddr()) {
				found = c
			}
		})
		return found != nil
	})
	return found
}

// noBufferTwice looks whether the pool has a buffer that was put back twice.
func noBufferTwice(t *testing.T) {
	t.Helper()
	var all []*buffer
	for range 64 {
		b := getBuffer()
		if slices.Contains(all, b) {
			t.Fatal("a buffer was put back twice")
		}
		all = append(all, b)
	}
	for _, b := range all {
		putBuffer(b)
	}
}
