package router

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"
)

const (
	getRequest  = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
	postRequest = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"
	okResponse  = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
)

// healthy answers every request of known with okResponse.
func healthy(tb testing.TB, known ...string) *worker {
	tb.Helper()
	return newWorker(tb, func(w *worker, c sock) {
		for w.request(c, known...) != "" {
			fmt.Fprint(c, okResponse)
		}
	})
}

// faulty plays fault with every connection after it has read a request of known.
func faulty(tb testing.TB, fault func(c sock), known ...string) *worker {
	tb.Helper()
	return newWorker(tb, func(w *worker, c sock) {
		if w.request(c, known...) != "" {
			fault(c)
		}
	})
}

func resets(c sock) { c.abort() }

// TestCutWithinResponse ends the worker's connection after part of a body: the
// client must see that there is no more, and nothing else.
func TestCutWithinResponse(t *testing.T) {
	small := "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhal"
	large := "HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n" + strings.Repeat("half", 1<<20)
	for _, tt := range []struct {
		name, part string
		end        func(c sock)
	}{
		{"closed", small, func(sock) {}},
		{"reset", small, sock.abort},
		{"closed in bulk", large, func(sock) {}},
		{"reset in bulk", large, sock.abort},
		{"closed within a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal", func(sock) {}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			w := faulty(t, func(c sock) {
				fmt.Fprint(c, tt.part)
				tt.end(c)
			}, getRequest)
			backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, getRequest)
			got, err := io.ReadAll(c)
			if !strings.HasPrefix(tt.part, string(got)) || err != nil && !isReset(err) {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
			if strings.HasPrefix(tt.name, "closed") && len(got) != len(tt.part) {
				t.Errorf("got %d bytes, want %d", len(got), len(tt.part))
			}
			eventually(t, "the request is counted", func() bool { return r.Stats().Requests == 1 })
			if s := quietStats(t, r); s.Errors != 1 || s.Status[2] != 0 {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// TestIdleConnectionClosed has a worker that closes its connections after each
// response without announcing it. No request of any method may suffer.
func TestIdleConnectionClosed(t *testing.T) {
	for _, request := range []string{getRequest, postRequest, "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"} {
		r, p := newRouter(t, Options{})
		closed := make(chan struct{}, 1)
		w := faulty(t, func(c sock) {
			fmt.Fprint(c, okResponse)
			c.Close()
			closed <- struct{}{}
		}, request)
		backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		for range 20 {
			fmt.Fprint(c, request)
			expect(t, c, okResponse)
			<-closed
		}
		if s := quietStats(t, r); s.Errors != 0 || s.Replays != 0 || s.Requests != 20 {
			t.Errorf("stats %+v", s)
		}
	}
}

// TestRefusedConnect has a worker whose listener is gone: others get its
// requests, whatever the method.
func TestRefusedConnect(t *testing.T) {
	r, p := newRouter(t, Options{Policy: RoundRobin})
	backend(r, p, 1, refusing(t))
	good := healthy(t, postRequest)
	backend(r, p, 2, addrOf(good.ln))
	c := dialRouter(t, p.Addr())
	for range 10 {
		fmt.Fprint(c, postRequest)
		expect(t, c, okResponse)
	}
	if s := quietStats(t, r); s.Errors != 0 || s.Status[2] != 10 {
		t.Errorf("stats %+v", s)
	}
}

// TestHungWorker has a worker that takes requests and never answers: it holds up
// only those that it was given.
func TestHungWorker(t *testing.T) {
	r, p := newRouter(t, Options{})
	asked, stop := make(chan struct{}), make(chan struct{})
	hung := faulty(t, func(sock) {
		asked <- struct{}{}
		<-stop
	}, getRequest)
	t.Cleanup(func() { close(stop) })
	h := backend(r, p, 1, addrOf(hung.ln))
	var waiting []sock
	for range 2 {
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, getRequest)
		waiting = append(waiting, c)
		<-asked
	}
	good := healthy(t, getRequest)
	backend(r, p, 2, addrOf(good.ln))
	c := dialRouter(t, p.Addr())
	for range 50 {
		fmt.Fprint(c, getRequest)
		expect(t, c, okResponse)
	}
	// When it is given up, what waits goes to the other.
	h.Close()
	for _, c := range waiting {
		expect(t, c, okResponse)
	}
	if s := quietStats(t, r); s.Replays != 2 || s.Errors != 0 {
		t.Errorf("stats %+v", s)
	}
}

// TestLastWords closes a backend whose response is on its way already: it is
// delivered.
func TestLastWords(t *testing.T) {
	r, p := newRouter(t, Options{})
	release, sent := make(chan struct{}), make(chan struct{})
	w := faulty(t, func(c sock) {
		fmt.Fprint(c, okResponse[:20])
		<-release
		fmt.Fprint(c, okResponse[20:])
		close(sent)
	}, getRequest)
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	eventually(t, "the first part is read", func() bool { return b.Stats().InFlight == 1 && unreadBytes(r) == 0 })
	close(release)
	<-sent
	b.Close()
	expect(t, c, okResponse)
}

// TestStrayedRequest has two workers that are dead without anybody having said so.
// Their addresses lead back to the router's own port, where nobody reads what is
// sent to them: the request goes to the next worker, whatever the method.
func TestStrayedRequest(t *testing.T) {
	r, p := newWildcardRouter(t)
	for id, host := range []string{"127.9.9.8", "127.9.9.9"} {
		backend(r, p, id, netip.AddrPortFrom(netip.MustParseAddr(host), p.Addr().Port()))
	}
	c := dialRouter(t, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), p.Addr().Port()))
	fmt.Fprint(c, postRequest)
	eventually(t, "it is sent astray again and again", func() bool { return r.Stats().Replays > maxUnread })
	w := healthy(t, postRequest)
	backend(r, p, 2, addrOf(w.ln))
	expect(t, c, okResponse)
	if s := quietStats(t, r); s.Errors != 0 || s.Status[2] != 1 {
		t.Errorf("stats %+v", s)
	}
}

// TestOwnAddress connects to an address that is a worker's, through a listener
// on the wildcard address.
func TestOwnAddress(t *testing.T) {
	r, p := newWildcardRouter(t)
	w := healthy(t, getRequest)
	backend(r, p, 1, addrOf(w.ln))
	port := int(p.Addr().Port())
	c, err := net.Dial("tcp", fmt.Sprintf("127.9.9.9:%d", port))
	if err == nil {
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(patienceLimit))
		// The kernel tells a reset once, to whoever asks first.
		if _, err = fmt.Fprint(c, getRequest); err == nil {
			_, err = io.ReadAll(c)
		}
	}
	if !isReset(err) {
		t.Errorf("got %v, want a reset", err)
	}
	public, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		t.Fatal(err)
	}
	defer public.Close()
	fmt.Fprint(public, getRequest)
	expect(t, public, okResponse)
}

// newWildcardRouter returns a router with a port on all addresses, of which most
// loopback ones are workers' own.
func newWildcardRouter(t *testing.T) (*Router, *Port) {
	t.Helper()
	ln, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	r := New(Options{Own: ownLoopback})
	t.Cleanup(r.Close)
	return r, r.Listen(ln.(*net.TCPListener))
}

// TestAllRefuse has backends that refuse every connection, as those that have just
// died: the request is held, and tried again at leisure.
func TestAllRefuse(t *testing.T) {
	r, p := newRouter(t, Options{Hold: 300 * time.Millisecond})
	backend(r, p, 1, refusing(t))
	backend(r, p, 2, refusing(t))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	expect(t, c, "HTTP/1.1 503 ")
	if n := p.turn.Load(); n > 100 {
		t.Errorf("they were tried %d times", n)
	}
}

// TestOldStray: a port that somebody else has used says nothing of who has it now.
func TestOldStray(t *testing.T) {
	var s strays
	from := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 40000}
	to := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2), Port: 8080}
	dialled := clock()
	s.add(from, to)
	if !s.take(from, to, dialled) {
		t.Error("a stray is not known")
	}
	if s.take(from, to, dialled) {
		t.Error("it is known twice")
	}
	s.add(from, to)
	if s.take(from, to, clock()+1) {
		t.Error("an older one is taken for it")
	}
	s.add(from, to)
	if s.take(from, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 3), Port: 8080}, dialled) {
		t.Error("one to another address is taken for it")
	}
}

// TestLingerIsTheClients: a client that goes on sending after an early response is
// nothing that a drain waits for.
func TestLingerIsTheClients(t *testing.T) {
	r, p := newLingeringRouter(t, Options{})
	const head = "POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n"
	w := faulty(t, func(c sock) { fmt.Fprint(c, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n") }, head)
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, head)
	expect(t, c, "HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
	<-b.Drain()
	if n := r.Stats().Conns; n != 1 {
		t.Errorf("%d connections of clients, want the one that is not at its end", n)
	}
}
