package router

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

const closeDelimited = "HTTP/1.1 200 OK\r\n\r\npart"

// TestHalfClosedKill kills a worker that has a request of a client that has ended its
// direction. The next worker is given the end as well.
func TestHalfClosedKill(t *testing.T) {
	post := strings.Replace(postRequest, "\r\n", "\r\nHost: a\r\n", 1)
	put := strings.Replace(post, "POST", "PUT", 1)
	for _, tt := range []struct {
		name, request, behind string // behind is pipelined
		next                  string // the role of the other worker
		status                string
		answers               []string
	}{
		{"GET", getRequest, "", rolePatient, "200 OK", []string{"GET 0\n"}},
		{"PUT", put, "", rolePatient, "200 OK", []string{"PUT 2\n"}},
		{"POST", post, "", roleAnswer, "502 Bad Gateway", nil},
		{"pipelined", getRequest, put + post, roleAnswer, "200 OK", []string{"GET 0\n", "PUT 2\n", "POST 2\n"}},
		{"POST, pipelined", post, getRequest, roleAnswer, "502 Bad Gateway", []string{"GET 0\n"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{Policy: RoundRobin})
			r.deathNotice = patienceLimit
			says, kill := process(t, r, p, roleMute)
			process(t, r, p, tt.next)
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, tt.request)
			expect(t, says, "asked\n")
			fmt.Fprint(c, tt.behind)
			eventually(t, "the router reads ahead", func() bool { return unreadBytes(r) == 0 })
			c.finish()
			if tt.behind == "" {
				expect(t, says, "ended\n")
			}
			kill()
			if tt.status != "200 OK" {
				expectStatus(t, c, tt.status)
			}
			for _, want := range tt.answers {
				if got := expectStatus(t, c, "200 OK"); got != want {
					t.Errorf("got %q, want %q", got, want)
				}
			}
			expectEnd(t, c)
			s := quietStats(t, r)
			if failed := uint64(btoi(tt.status != "200 OK")); s.Errors != failed || s.Replays != 1-failed || s.Aborted != 0 {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// process adds a worker process and returns what it says after its address, and what
// kills it, as the master sees it.
func process(t *testing.T, r *Router, p *Port, role string) (says *bufio.Reader, kill func()) {
	t.Helper()
	cmd, addr, says, err := startWorker(role)
	if err != nil {
		t.Fatal(err)
	}
	b := backend(r, p, len(r.backends)+1, addr)
	limit := time.AfterFunc(patienceLimit, func() { _ = cmd.Process.Kill() })
	kill = func() {
		limit.Stop()
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		b.Close()
	}
	t.Cleanup(kill)
	return says, kill
}

// TestHalfClosedFault has a worker that lives fail after it was given the end of its
// client's direction.
func TestHalfClosedFault(t *testing.T) {
	for _, tt := range []struct {
		name, request string
		fault         func(c sock)
		want          string // or the beginning of it
		replays       uint64
		errors        uint64
		aborted       uint64
	}{
		// It takes the end for a client that is gone.
		{"GET, closed", getRequest, func(sock) {}, "", 0, 0, 1},
		{"POST, closed", postRequest, func(sock) {}, "", 0, 0, 1},
		{"GET, reset", getRequest, resets, okResponse, 1, 0, 0},
		{"POST, reset", postRequest, resets, "HTTP/1.1 502 ", 0, 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{Policy: RoundRobin})
			bad := faulty(t, func(c sock) {
				expectEnd(t, c)
				tt.fault(c)
			}, tt.request)
			backend(r, p, 1, addrOf(bad.ln))
			good := healthy(t, tt.request)
			backend(r, p, 2, addrOf(good.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, tt.request)
			c.finish()
			got, err := io.ReadAll(c)
			if err != nil || !strings.HasPrefix(string(got), tt.want) || tt.want == "" && len(got) > 0 {
				t.Errorf("got %q (%v), want %q", got, err, tt.want)
			}
			s := quietStats(t, r)
			if s.Replays != tt.replays || s.Errors != tt.errors || s.Aborted != tt.aborted || good.accepted() != int(tt.replays) {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// TestHalfClosedCut resets a response that ends with its connection: what is there of
// it must not look whole.
func TestHalfClosedCut(t *testing.T) {
	r, p := newRouter(t, Options{})
	read := make(chan struct{})
	w := faulty(t, func(c sock) {
		expectEnd(t, c)
		fmt.Fprint(c, closeDelimited)
		<-read
		c.abort()
	}, getRequest)
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	c.finish()
	expect(t, c, closeDelimited)
	close(read)
	if rest, err := io.ReadAll(c); !isReset(err) {
		t.Errorf("got %q (%v), want a reset", rest, err)
	}
	if s := quietStats(t, r); s.Errors != 1 {
		t.Errorf("stats %+v", s)
	}
}

// TestHalfClosedThenGone resets a client that had only ended its direction before,
// then has its worker die: no other is given what nobody waits for.
func TestHalfClosedThenGone(t *testing.T) {
	r, p := newRouter(t, Options{Policy: RoundRobin})
	ended, die := make(chan struct{}), make(chan struct{})
	bad := faulty(t, func(c sock) {
		expectEnd(t, c)
		close(ended)
		<-die
	}, getRequest)
	b := backend(r, p, 1, addrOf(bad.ln))
	good := healthy(t, getRequest)
	backend(r, p, 2, addrOf(good.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	c.finish()
	<-ended
	c.abort()
	close(die)
	b.Close()
	if s := quietStats(t, r); s.Replays != 0 || s.Aborted != 1 || good.accepted() != 0 {
		t.Errorf("%d connections to the other worker, stats %+v", good.accepted(), s)
	}
}

// TestHalfClosedKilledWithin ends a worker's connection within the response. It is the
// worker's failure if it has died, and else its answer to the client's end; the client
// is told at once.
func TestHalfClosedKilledWithin(t *testing.T) {
	for _, dies := range []bool{true, false} {
		t.Run(fmt.Sprint("dies ", dies), func(t *testing.T) {
			r, p := newRouter(t, Options{})
			if r.deathNotice = 0; dies {
				r.deathNotice = patienceLimit
			}
			const part = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal"
			w := faulty(t, func(c sock) {
				expectEnd(t, c)
				fmt.Fprint(c, part)
			}, getRequest)
			b := backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, getRequest)
			c.finish()
			expect(t, c, part)
			expectEnd(t, c)
			if dies {
				b.Close()
			}
			s := quietStats(t, r)
			if s.Errors != uint64(btoi(dies)) || s.Aborted != uint64(btoi(!dies)) || s.Replays != 0 {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// halved waits until a backend has ended its direction of the one tunnel.
func halved(t *testing.T, r *Router) {
	t.Helper()
	eventually(t, "the backend has ended its direction", func() (is bool) {
		r.conns.each(func(c *conn) { is = c.link.expires.Load() != 0 })
		return is
	})
}

// TestStopWhileClientGoesOn: the router is to stop while a client has more to say to a
// backend that has said all.
func TestStopWhileClientGoesOn(t *testing.T) {
	r, p := newRouter(t, Options{})
	heard := make(chan string, 1)
	w := newWorker(t, func(w *worker, c sock) {
		w.request(c, "\x01")
		c.finish()
		all, err := io.ReadAll(c)
		heard <- fmt.Sprintf("%s, %v", all, err)
	})
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, "\x01")
	expectEnd(t, c)
	halved(t, r)
	r.stopAccepting()
	fmt.Fprint(c, "more")
	c.finish()
	if got := <-heard; got != "more, <nil>" {
		t.Errorf("the worker has read %s", got)
	}
}

// TestLullAfterEnd: nobody waits for a backend that has ended its direction, whatever
// the connection carries.
func TestLullAfterEnd(t *testing.T) {
	for name, first := range map[string]string{
		"TLS": "\x16\x03\x01", "CONNECT": "CONNECT a:443 HTTP/1.1\r\n\r\n", "HTTP/2": http2Preface,
	} {
		t.Run(name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			w := newWorker(t, func(w *worker, c sock) {
				w.request(c, first)
				fmt.Fprint(c, "HTTP/1.1 200 OK\r\n\r\n")
			})
			b := backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, first)
			expect(t, c, "HTTP/1.1 200 OK\r\n\r\n")
			expectEnd(t, c)
			halved(t, r)
			b.Drain()
			if !lullsSoon(b, p) {
				t.Error("it holds up a drain")
			}
		})
	}
}
