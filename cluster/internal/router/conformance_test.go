package router

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
)

// wireCase is one exchange as bytes on both connections.
type wireCase struct {
	name, request, response string

	closes bool   // the worker closes after its response
	ends   bool   // the client's connection is over after the response
	fresh  bool   // the worker's connection must not be used again
	tunnel bool   // neither side is interpreted any more
	status int    // class of the response, 0 if it is not to be counted
	extra  string // sent behind the response, where nothing belongs
	either bool   // depending on the cut, the response may or may not be counted
}

const nextRequest, nextResponse = "GET /next HTTP/1.1\r\nHost: n\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnext"

var wireCases = []wireCase{
	{
		name: "length", request: "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", status: 2,
	},
	{
		name: "odd but certain head", request: "GET / HTTP/1.1\r\nhOsT:a\r\nX-Empty:\r\nX: \xff \t\r\n\r\n",
		response: "HTTP/1.1 299\r\nCONTENT-length:5\r\nX-Dup: 1\r\nx-dup: 2\r\n\r\nhello", status: 2,
	},
	{
		name: "empty", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", status: 4,
	},
	{
		name: "chunked", request: "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;e=1;f=\"g\"\r\nabc\r\n00A\r\n0123456789\r\n0;last\r\nTrailer: t\r\nU: v\r\n\r\n", status: 2,
	},
	{
		name: "request with length", request: "POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\nhello world",
		response: "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", status: 2,
	},
	{
		name: "chunked request", request: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nA: b\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 2,
	},
	{
		name: "HEAD", request: "HEAD / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\n\r\n", status: 2,
	},
	{
		name: "HEAD with length", request: "HEAD / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", status: 2, fresh: true,
	},
	{
		name: "HEAD answered with a body", request: "HEAD / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", extra: "abc", status: 2, fresh: true,
	},
	{
		name: "204", request: "DELETE /a HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 204 No Content\r\n\r\n", status: 2,
	},
	{
		name: "304", request: "GET / HTTP/1.1\r\nIf-None-Match: x\r\n\r\n",
		response: "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", status: 3,
	},
	{
		name: "204 that announces a body", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", status: 2, fresh: true,
	},
	{
		name: "304 that announces a body", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", status: 3, fresh: true,
	},
	{
		name: "GET with a body", request: "GET / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 2,
	},
	{
		name: "DELETE with a chunked body", request: "DELETE / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		response: "HTTP/1.1 204 No Content\r\n\r\n", status: 2,
	},
	{
		name: "103", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", status: 2,
	},
	{
		name: "absolute form", request: "GET http://a.example:80/x?y=z HTTP/1.1\r\nHost: a\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", status: 2,
	},
	{
		name: "asterisk form", request: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", status: 2,
	},
	{
		name: "HTTP/1.0", request: "GET / HTTP/1.0\r\n\r\n",
		response: "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 2, ends: true, fresh: true,
	},
	{
		name: "HTTP/1.0 kept alive", request: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		response: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", status: 2,
	},
	{
		name: "HTTP/1.0 kept alive, which is not confirmed", request: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 2, ends: true, fresh: true,
	},
	{
		name: "HTTP/1.0 until close", request: "GET / HTTP/1.0\r\n\r\n",
		response: "HTTP/1.0 200 OK\r\n\r\nsome bytes", status: 2, closes: true, ends: true, fresh: true,
	},
	{
		name: "until close", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\n\r\nsome bytes", status: 2, closes: true, ends: true, fresh: true,
	},
	{
		name: "client asks to close", request: "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", status: 2, ends: true, fresh: true,
	},
	{
		name: "worker asks to close", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", status: 2, closes: true, ends: true, fresh: true,
	},
	{
		name: "more than was announced", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", extra: "HTTP/1.1 200 OK\r\n\r\n", status: 2, fresh: true,
	},
	{
		name: "upgrade refused", request: "GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		response: "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno", status: 4,
	},
	{
		name: "CONNECT refused", request: "CONNECT a:1 HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 2\r\n\r\nno", status: 4,
	},

	{
		name: "upgrade", request: "GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
		response: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x02hi", status: 1, tunnel: true,
	},
	{
		name: "CONNECT", request: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
		response: "HTTP/1.1 200 Connected\r\n\r\n", status: 2, tunnel: true,
	},
	{
		name: "both lengths", request: "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		response: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", tunnel: true,
	},
	{
		name: "folded field", request: "GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n",
		response: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", tunnel: true,
	},
	{
		name: "bare LF", request: "GET / HTTP/1.1\nHost: a\n\n",
		response: "HTTP/1.1 200 OK\nContent-Length: 0\n\n", tunnel: true,
	},
	{
		name: "chunk without end of line", request: "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc",
		response: "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", tunnel: true, either: true,
	},
	{name: "not HTTP", request: "*1\r\n$4\r\nPING\r\n", response: "+PONG\r\n", tunnel: true},
	{
		name: "HTTP/2 preface", request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00",
		response: "\x00\x00\x00\x04\x00\x00\x00\x00\x00", tunnel: true,
	},
	{name: "TLS", request: "\x16\x03\x01\x00\x05hello", response: "\x15\x03\x01\x00\x02\x02\x28", tunnel: true},
	{
		name: "response with both lengths", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", tunnel: true,
	},
	{name: "response not HTTP", request: "GET / HTTP/1.1\r\n\r\n", response: "<html>hello</html>", tunnel: true},
	{
		name: "response with broken chunk", request: "GET / HTTP/1.1\r\n\r\n",
		response: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef", tunnel: true,
	},
}

// TestConformance sends each case in one piece, cut at every byte and byte by
// byte, on either side, and compares what arrives with what was sent.
func TestConformance(t *testing.T) {
	for _, tt := range wireCases {
		t.Run(tt.name, func(t *testing.T) {
			s := newStage(t, tt)
			s.run(pieces{}, pieces{})
			s.run(pieces{everywhere}, pieces{everywhere})
			for at := 1; at < len(tt.request); at++ {
				s.run(pieces{at}, pieces{})
			}
			for at := 1; at < len(tt.response); at++ {
				s.run(pieces{}, pieces{at})
			}
		})
	}
}

// stage is where a case is played.
type stage struct {
	wireCase
	t   *testing.T
	r   *Router
	p   *Port
	w   *worker
	out atomic.Int64 // where the worker cuts its response
}

func newStage(t *testing.T, tt wireCase) *stage {
	t.Helper()
	s := &stage{wireCase: tt, t: t}
	s.r, s.p = newRouter(t, Options{})
	s.w = newWorker(t, s.serve)
	return s
}

// serve is a connection of the worker.
func (s *stage) serve(w *worker, c sock) {
	for {
		switch w.request(c, s.request, nextRequest, "tunnelled in") {
		case "":
			return
		case nextRequest:
			fmt.Fprint(c, nextResponse)
		case "tunnelled in":
			fmt.Fprint(c, "tunnelled out")
		default:
			bodyPassedOn(s.t, s.r)
			sendIn(s.t, s.r, c, s.response, s.extra, pieces{int(s.out.Load())})
			if s.closes {
				return
			}
		}
	}
}

// run plays the case once, then looks at what has become of both connections.
func (s *stage) run(in, out pieces) {
	t := s.t
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Fatalf("with the request cut at %d, the response at %d", in.at, out.at)
		}
	}()
	s.out.Store(int64(out.at))
	accepted := s.w.accepted()
	b := backend(s.r, s.p, 1, addrOf(s.w.ln))
	defer b.Close()
	c := dialRouter(t, s.p.Addr())
	defer c.Close()
	sendIn(t, s.r, c, s.request, "", in)
	expect(t, c, s.response)
	switch {
	case s.tunnel:
		fmt.Fprint(c, "tunnelled in")
		expect(t, c, "tunnelled out")
		c.finish()
		expectEnd(t, c)
	case s.ends:
		expectEnd(t, c)
	default:
		fmt.Fprint(c, nextRequest)
		expect(t, c, nextResponse)
	}
	c.Close()
	s.check(b, s.w.accepted()-accepted)
}

// check compares what was counted with what happened, over so many connections
// to the worker.
func (s *stage) check(b *Backend, conns int) {
	t := s.t
	t.Helper()
	eventually(t, "the client's connection ends", func() bool { return s.r.openConns.Load() == 0 })
	want := 1
	if s.fresh && !s.ends {
		want = 2
	}
	if conns != want {
		t.Errorf("the worker saw %d connections, want %d", conns, want)
	}
	got := b.Stats()
	var status [6]uint64
	if s.status > 0 {
		status[s.status]++
	}
	if !s.tunnel && !s.ends {
		status[2]++
	}
	if got.Status != status && !s.either || got.InFlight != 0 || got.Tunnels != 0 {
		t.Errorf("stats %+v, want status %v", got, status)
	}
	if in := uint64(len(s.request)); got.BytesIn < in || got.BytesIn > in+uint64(len(nextRequest)) {
		t.Errorf("%d bytes in, sent %d", got.BytesIn, in)
	}
}

// TestPipelining sends many requests at once, cut anywhere, and expects the
// answers in order although two workers share them.
func TestPipelining(t *testing.T) {
	const n = 5
	var requests, responses strings.Builder
	for i := range n {
		fmt.Fprintf(&requests, "POST /%d HTTP/1.1\r\nContent-Length: 1\r\n\r\n%d", i, i)
		fmt.Fprintf(&responses, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%d", i)
	}
	r, p := newRouter(t, Options{Policy: RoundRobin})
	for id := range 2 {
		var known []string
		for i := range n {
			known = append(known, fmt.Sprintf("POST /%d HTTP/1.1\r\nContent-Length: 1\r\n\r\n%d", i, i))
		}
		w := newWorker(t, func(w *worker, c sock) {
			for got := w.request(c, known...); got != ""; got = w.request(c, known...) {
				fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n%s", got[len(got)-1:])
			}
		})
		backend(r, p, id, addrOf(w.ln))
	}
	for at := range requests.Len() {
		c := dialRouter(t, p.Addr())
		sendIn(t, r, c, requests.String(), "", pieces{at})
		c.finish()
		expect(t, c, responses.String())
		expectEnd(t, c)
		c.Close()
	}
}
