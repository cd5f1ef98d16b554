package router

import (
	"fmt"
	"io"
	"testing"
	"time"
)

// TestServerSpeaksFirst connects and says nothing.
func TestServerSpeaksFirst(t *testing.T) {
	impatiently(t)
	r, p := newRouter(t, Options{})
	w := newWorker(t, func(w *worker, c sock) {
		fmt.Fprint(c, "220 ready\r\n")
		if w.request(c, "HELO\r\n") != "" {
			fmt.Fprint(c, "250 hello\r\n")
		}
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	expect(t, c, "220 ready\r\n")
	if s := b.Stats(); s.Tunnels != 1 || s.InFlight != 0 {
		t.Errorf("stats %+v, want a tunnel", s)
	}
	fmt.Fprint(c, "HELO\r\n")
	expect(t, c, "250 hello\r\n")
	expectEnd(t, c)
	c.Close()
	eventually(t, "the tunnel ends", func() bool { return b.Stats().Tunnels == 0 })
	if s := r.Stats(); s.Requests != 0 {
		t.Errorf("stats %+v, want no request", s)
	}
}

// TestSpareConnection connects, says nothing for long, then speaks HTTP, as a
// browser does: it is routed like any other, and the connection that was opened
// for it is used.
func TestSpareConnection(t *testing.T) {
	impatiently(t)
	r, p := newRouter(t, Options{})
	w := healthy(t, getRequest)
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	eventually(t, "silence opens a connection", func() bool { return b.Stats().Conns == 1 })
	for range 3 {
		fmt.Fprint(c, getRequest)
		expect(t, c, okResponse)
	}
	if s := quietStats(t, r); s.Status[2] != 3 || s.Tunnels != 0 {
		t.Errorf("stats %+v", s)
	}
	if got := w.accepted(); got != 1 {
		t.Errorf("%d connections to the worker, want 1", got)
	}
}

// TestSpareConnectionAndDrain drains the worker that a silent client was given a
// connection to: it gets one to another, and no request is lost.
func TestSpareConnectionAndDrain(t *testing.T) {
	impatiently(t)
	r, p := newRouter(t, Options{})
	first, second := healthy(t, getRequest), healthy(t, getRequest)
	b1 := backend(r, p, 1, addrOf(first.ln))
	c := dialRouter(t, p.Addr())
	eventually(t, "silence opens a connection", func() bool { return b1.Stats().Conns == 1 })
	b2 := backend(r, p, 2, addrOf(second.ln))
	<-b1.Drain()
	eventually(t, "it is closed", func() bool { return b1.Stats().Conns == 0 })
	eventually(t, "silence opens another", func() bool { return b2.Stats().Conns == 1 })
	fmt.Fprint(c, getRequest)
	expect(t, c, okResponse)
}

// TestBannerForEndedClient connects and ends its direction at once, as
// "nc host port </dev/null" does to read a banner.
func TestBannerForEndedClient(t *testing.T) {
	r, p := newRouter(t, Options{})
	w := newWorker(t, func(w *worker, c sock) {
		fmt.Fprint(c, "banner")
		_, _ = io.Copy(io.Discard, c)
	})
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	c.finish()
	expect(t, c, "banner")
	expectEnd(t, c)
}

// TestSlowTyping sends a head by hand: half of it, then nothing for a long time.
// It becomes a tunnel, so that the worker's own patience decides.
func TestSlowTyping(t *testing.T) {
	impatiently(t)
	r, p := newRouter(t, Options{})
	w := healthy(t, getRequest)
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest[:10])
	eventually(t, "it becomes a tunnel", func() bool { return b.Stats().Tunnels == 1 })
	fmt.Fprint(c, getRequest[10:])
	expect(t, c, okResponse)
}

// TestTunnelHalves ends either direction of a tunnel before the other.
func TestTunnelHalves(t *testing.T) {
	r, p := newRouter(t, Options{})
	done := make(chan struct{}, 2)
	w := newWorker(t, func(w *worker, c sock) {
		defer func() { done <- struct{}{} }()
		switch w.request(c, "\x01client first", "\x01server first") {
		case "\x01client first":
			expectEnd(t, c)
			fmt.Fprint(c, "after the end")
		case "\x01server first":
			c.finish()
			if w.request(c, "after the end") == "" {
				t.Error("nothing came after the end")
			}
			expectEnd(t, c)
		}
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, "\x01client first")
	c.finish()
	expect(t, c, "after the end")
	expectEnd(t, c)
	<-done

	c = dialRouter(t, p.Addr())
	fmt.Fprint(c, "\x01server first")
	expectEnd(t, c)
	fmt.Fprint(c, "after the end")
	c.finish()
	<-done
	eventually(t, "the tunnels end", func() bool { return b.Stats().Tunnels == 0 && r.Stats().Conns == 0 })
}

// TestTunnelBreaks resets either side of a tunnel: the other must feel it.
func TestTunnelBreaks(t *testing.T) {
	for _, byClient := range []bool{true, false} {
		r, p := newRouter(t, Options{})
		hangUp, felt := make(chan struct{}), make(chan error, 1)
		w := newWorker(t, func(w *worker, c sock) {
			w.request(c, "\x01")
			fmt.Fprint(c, "\x02")
			if !byClient {
				<-hangUp
				c.abort()
				return
			}
			_, err := io.Copy(io.Discard, c)
			felt <- err
		})
		backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, "\x01")
		expect(t, c, "\x02")
		var err error
		if byClient {
			c.abort()
			err = <-felt
		} else {
			close(hangUp)
			_, err = io.ReadAll(c)
		}
		if !isReset(err) {
			t.Errorf("by the client %v: felt %v, want a reset", byClient, err)
		}
	}
}

// TestTunnelToDeadBackend closes the backend of a tunnel whose process is said
// to be dead although its socket is open (a child holds it).
func TestTunnelToDeadBackend(t *testing.T) {
	r, p := newRouter(t, Options{})
	stop := make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		w.request(c, "\x01")
		fmt.Fprint(c, "\x02")
		<-stop
	})
	t.Cleanup(func() { close(stop) })
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, "\x01")
	expect(t, c, "\x02")
	b.Close()
	if _, err := io.ReadAll(c); err != nil && !isReset(err) {
		t.Errorf("got %v", err)
	}
	eventually(t, "the tunnel ends", func() bool { return r.Stats().Conns == 0 })
}

// TestTunnelAfterReadAhead: what the client says before a response that opens a
// tunnel neither changes that response nor is lost.
func TestTunnelAfterReadAhead(t *testing.T) {
	const early = "early words of the client"
	for name, response := range map[string]string{
		"upgrade":   "HTTP/1.1 101 Switching Protocols\r\n\r\n",
		"uncertain": "HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
	} {
		t.Run(name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			answer := make(chan struct{})
			w := newWorker(t, func(w *worker, c sock) {
				w.request(c, getRequest)
				<-answer
				fmt.Fprint(c, response)
				if w.request(c, early) != "" {
					fmt.Fprint(c, "heard")
				}
			})
			backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, getRequest)
			eventually(t, "the client is listened to", func() bool { return watched(r) })
			fmt.Fprint(c, early)
			eventually(t, "it is read ahead", func() bool { return unreadBytes(r) == 0 })
			close(answer)
			expect(t, c, response+"heard")
		})
	}
}

// TestRefusedTunnel has a backend that refuses every connection.
func TestRefusedTunnel(t *testing.T) {
	r, p := newRouter(t, Options{Hold: 300 * time.Millisecond})
	backend(r, p, 1, refusing(t))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, "\x01")
	if _, err := io.ReadAll(c); !isReset(err) {
		t.Errorf("got %v, want a reset", err)
	}
	if n := p.turn.Load(); n > 100 {
		t.Errorf("it was tried %d times", n)
	}
}
