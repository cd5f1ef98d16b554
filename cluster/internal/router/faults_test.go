package router

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
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

// TestReplays lets the first worker fail and sees who gets the request.
func TestReplays(t *testing.T) {
	put := strings.Replace(postRequest, "POST", "PUT", 1)
	const chunkedPut = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
	for _, tt := range []struct {
		name, request string
		fault         func(c sock)
		replayed      bool
		cut           pieces
	}{
		{"GET, closed", getRequest, func(c sock) {}, true, pieces{}},
		{"GET, reset", getRequest, resets, true, pieces{}},
		{"GET, half a head", getRequest, func(c sock) { fmt.Fprint(c, "HTTP/1.1 200 OK\r\nConte") }, true, pieces{}},
		{"HEAD", strings.Replace(getRequest, "GET", "HEAD", 1), resets, true, pieces{}},
		{"OPTIONS", strings.Replace(getRequest, "GET", "OPTIONS", 1), resets, true, pieces{}},
		{"DELETE", strings.Replace(getRequest, "GET", "DELETE", 1), resets, true, pieces{}},
		{"PUT with a body", put, func(c sock) {}, true, pieces{}},
		{"PUT, its body comes later", put, func(c sock) {}, true, behindHead(put)},
		{"PUT, its body comes in parts", put, resets, true, pieces{len(put) - 1}},
		{"PUT, chunked, in parts", chunkedPut, resets, true, pieces{len(chunkedPut) - 3}},
		{"POST, closed", postRequest, func(c sock) {}, false, pieces{}},
		{"POST, reset", postRequest, resets, false, pieces{}},
		{"PATCH, closed", strings.Replace(postRequest, "POST", "PATCH", 1), func(c sock) {}, false, pieces{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{Policy: RoundRobin})
			bad := faulty(t, tt.fault, tt.request, getRequest)
			good := healthy(t, tt.request, getRequest)
			// The turn begins with the first.
			b := backend(r, p, 1, addrOf(bad.ln))
			g := backend(r, p, 2, addrOf(good.ln))
			c := dialRouter(t, p.Addr())
			sendIn(t, r, c, tt.request, "", tt.cut)
			if tt.replayed {
				want := okResponse
				if strings.HasPrefix(tt.request, "HEAD") {
					want = strings.TrimSuffix(want, "ok")
				}
				expect(t, c, want)
			} else {
				expectStatus(t, c, "502 Bad Gateway")
			}
			s, lost := quietStats(t, r), b.Stats()
			if tt.replayed && (s.Replays != 1 || s.Errors != 0 || s.Requests != 1 || g.Stats().Requests != 1) {
				t.Errorf("after a replay: %+v", s)
			}
			if !tt.replayed && (s.Replays != 0 || s.Errors != 1 || s.Requests != 1 || s.Status[5] != 1) {
				t.Errorf("after a 502: %+v", s)
			}
			if lost.Errors != 1 || lost.Requests != 1 {
				t.Errorf("the faulty one: %+v", lost)
			}
			// The client's connection has survived it.
			fmt.Fprint(c, getRequest)
			expect(t, c, okResponse)
		})
	}
}

// oneByte reads byte by byte, so that a buffer takes no more than is asked for.
type oneByte struct{ io.Reader }

func (r oneByte) Read(b []byte) (int, error) { return r.Reader.Read(b[:min(len(b), 1)]) }

// behindHead cuts a request between its head and its body.
func behindHead(request string) pieces { return pieces{strings.Index(request, "\r\n\r\n") + 4} }

// expectStatus reads a response of the router's own.
func expectStatus(tb testing.TB, c io.Reader, status string) string {
	tb.Helper()
	resp, err := http.ReadResponse(bufio.NewReaderSize(oneByte{c}, 16), nil)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.Status != status {
		tb.Fatalf("got status %q, want %q", resp.Status, status)
	}
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return string(page)
}

// TestPoisonIsNotSpread sends a request that kills whoever reads it.
func TestPoisonIsNotSpread(t *testing.T) {
	r, p := newRouter(t, Options{})
	for id := range 5 {
		w := faulty(t, func(c sock) {}, getRequest)
		backend(r, p, id, addrOf(w.ln))
	}
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	expectStatus(t, c, "502 Bad Gateway")
	if s := quietStats(t, r); s.Replays != maxReplays {
		t.Errorf("replayed %d times, want %d", s.Replays, maxReplays)
	}
}

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
	dead := listen(t)
	backend(r, p, 1, addrOf(dead))
	_ = dead.Close()
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
	dead := listen(t)
	b := backend(r, p, 1, addrOf(dead))
	_ = dead.Close()
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, postRequest)
	eventually(t, "the request is held", func() bool { return r.Stats().Held == 1 })
	b.Close()
	w := healthy(t, postRequest)
	backend(r, p, 2, addrOf(w.ln))
	expect(t, c, okResponse)
}

// TestRefusal asks for what nobody can serve.
func TestRefusal(t *testing.T) {
	r, p := newRouter(t, Options{
		Hold:    time.Millisecond,
		Explain: func() (string, string) { return "build failed", "main.go:7: x <undefined>" },
	})
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	if page := expectStatus(t, c, "503 Service Unavailable"); page != "503 Service Unavailable\nbuild failed\n\nmain.go:7: x <undefined>\n" {
		t.Errorf("plain: %q", page)
	}
	fmt.Fprint(c, "GET / HTTP/1.1\r\nAccept: text/html,*/*\r\n\r\n")
	page := expectStatus(t, c, "503 Service Unavailable")
	for _, want := range []string{"<h1>build failed</h1>", "<pre>main.go:7: x &lt;undefined&gt;</pre>"} {
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
	if s := quietStats(t, r); s.Refused != 3 || s.Status[5] != 3 || s.Requests != 3 || s.Errors != 0 {
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

// TestHungWorker has a worker that accepts and never answers: it holds up only
// the requests that it was given.
func TestHungWorker(t *testing.T) {
	r, p := newRouter(t, Options{})
	stop := make(chan struct{})
	hung := newWorker(t, func(*worker, sock) { <-stop })
	t.Cleanup(func() { close(stop) })
	h := backend(r, p, 1, addrOf(hung.ln))
	var waiting []sock
	for range 2 {
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, getRequest)
		waiting = append(waiting, c)
	}
	eventually(t, "both wait", func() bool { return h.Stats().InFlight == 2 })
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

// TestOwnAddress connects to an address that is a worker's, through a listener
// on the wildcard address.
func TestOwnAddress(t *testing.T) {
	ln, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	r := New(Options{Own: ownLoopback})
	defer r.Close()
	p := r.Listen(ln.(*net.TCPListener))
	w := healthy(t, getRequest)
	backend(r, p, 1, addrOf(w.ln))
	port := int(p.Addr().Port())
	c, err := net.Dial("tcp", fmt.Sprintf("127.9.9.9:%d", port))
	if err == nil {
		defer c.Close()
		_ = c.SetDeadline(time.Now().Add(patienceLimit))
		fmt.Fprint(c, getRequest)
		if _, err = io.ReadAll(c); err == nil {
			t.Error("the connection was not reset")
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
