package router

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

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
	if page := expectStatus(t, c, "502 Bad Gateway"); !strings.Contains(page, "sent again, and lost again") {
		t.Errorf("got %q", page)
	}
	if s := quietStats(t, r); s.Replays != maxReplays {
		t.Errorf("replayed %d times, want %d", s.Replays, maxReplays)
	}
}

// TestLostAfterInterim has the worker die between an interim response and the final
// one. A 502 takes the place of that; the request is not sent again.
func TestLostAfterInterim(t *testing.T) {
	const early = "HTTP/1.1 103 Early Hints\r\n\r\n"
	for _, tt := range []struct {
		name, request, interim, body string
		end                          func(c sock)
		whole                        bool // all of the request was there
	}{
		{"closed", postRequest, goOn, "", func(sock) {}, true},
		{"reset", postRequest, goOn, "", resets, true},
		{"GET", getRequest, early + early, "", func(sock) {}, true},
		{"half a head", getRequest, early, "", func(c sock) { fmt.Fprint(c, "HTTP/1.1 200 OK\r\nConte") }, true},
		{"its body has come", expectHead, goOn, "hello", resets, true},
		{"its body is to come", expectHead, goOn, "", resets, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newLingeringRouter(t, Options{})
			w := faulty(t, func(c sock) {
				fmt.Fprint(c, tt.interim)
				_, _ = io.ReadFull(c, make([]byte, len(tt.body)))
				tt.end(c)
			}, tt.request)
			b := backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, tt.request)
			expect(t, c, tt.interim)
			fmt.Fprint(c, tt.body)
			expectStatus(t, c, "502 Bad Gateway")
			if !tt.whole {
				c.finish()
				expectEnd(t, c)
			}
			if s := quietStats(t, r); s.Replays != 0 || s.Errors != 1 || s.Status[5] != 1 || b.Stats().Errors != 1 {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// TestGarbledBodyIsNotSentAgain has the worker close its connection on a body whose
// framing breaks after its head was passed on. Nobody knows where that request ends.
func TestGarbledBodyIsNotSentAgain(t *testing.T) {
	const begin, garbled = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "zz\r\n\r\n"
	r, p := newLingeringRouter(t, Options{Policy: RoundRobin})
	asked := make(chan struct{})
	w := faulty(t, func(c sock) {
		close(asked)
		_, _ = io.ReadFull(c, make([]byte, len(garbled)))
	}, begin)
	backend(r, p, 1, addrOf(w.ln))
	backend(r, p, 2, addrOf(healthy(t, getRequest).ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, begin)
	<-asked
	fmt.Fprint(c, garbled)
	expectStatus(t, c, "502 Bad Gateway")
	c.finish()
	expectEnd(t, c)
	if s := quietStats(t, r); s.Replays != 0 || s.Errors != 1 || s.Requests != 1 {
		t.Errorf("stats %+v", s)
	}
}

// TestPipelinedBehindLostBody resets the worker's connection as the last of a body
// comes, with the next request behind it. On one processor both are there before the
// router looks, and the write is what fails first. The request is sent again if it
// may be, and the next one is served in any case.
func TestPipelinedBehindLostBody(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, method := range []string{"PUT", "POST"} {
		begin, rest := method+" / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhe", "llo"
		for _, resetFirst := range []bool{true, false} {
			r, p := newRouter(t, Options{Policy: RoundRobin})
			asked, over := make(chan sock), make(chan struct{})
			bad := faulty(t, func(c sock) {
				asked <- c
				<-over
			}, begin)
			t.Cleanup(func() { close(over) })
			b := backend(r, p, 1, addrOf(bad.ln))
			good := healthy(t, begin+rest, getRequest)
			backend(r, p, 2, addrOf(good.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, begin)
			w := <-asked
			b.Drain()
			if resetFirst {
				w.abort()
			}
			fmt.Fprint(c, rest+getRequest)
			w.abort()
			if method == "PUT" {
				expect(t, c, okResponse)
			} else {
				expectStatus(t, c, "502 Bad Gateway")
			}
			expect(t, c, okResponse)
			if s := quietStats(t, r); s.Requests != 2 {
				t.Errorf("%s, reset first %v: stats %+v", method, resetFirst, s)
			}
		}
	}
}
