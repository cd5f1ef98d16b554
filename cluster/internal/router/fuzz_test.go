package router

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/textproto"
	"testing"
)

// consumed returns how many bytes of b a reader that buffers has used.
func consumed(b []byte, under *bytes.Reader, r *bufio.Reader) int {
	return len(b) - under.Len() - r.Buffered()
}

// refusesTrailer says whether a reader that is stricter than the observer has refused
// a line of the trailer section, which does not move the end of the body.
func refusesTrailer(err error) bool {
	var malformed textproto.ProtocolError
	return errors.As(err, &malformed)
}

// FuzzRequest checks that what is certain to the observer is what net/http
// reads, to the byte.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		"GET / HTTP/1.1\r\nHost: a\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: v\r\n\r\nGET",
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nno field\r\n\r\n",
		"OPTIONS * HTTP/1.0\r\nHost: a\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var q request
		q.reset()
		if q.observe(b) != certain {
			return
		}
		rest := q.body()
		n, v := rest.observe(b[q.size:])
		under := bytes.NewReader(b)
		r := bufio.NewReader(under)
		req, err := http.ReadRequest(r)
		if err != nil {
			// A stricter reader closes the connection: nothing can go wrong.
			return
		}
		if q.method == methodConnect {
			return
		}
		_, err = io.Copy(io.Discard, req.Body)
		switch {
		case v == opaque:
		case v == certain && refusesTrailer(err):
		case (v == certain) != (err == nil):
			t.Fatalf("observer says %v, net/http %v", v, err)
		case v == certain && consumed(b, under, r) != q.size+n:
			t.Fatalf("observer ends at %d, net/http at %d", q.size+n, consumed(b, under, r))
		}
	})
}

// FuzzResponse is FuzzRequest for responses.
func FuzzResponse(f *testing.F) {
	for _, seed := range []string{
		"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nHTTP",
		"HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.0 200 OK\r\n\r\nabc",
	} {
		f.Add([]byte(seed), false)
	}
	f.Fuzz(func(t *testing.T, b []byte, head bool) {
		var p response
		p.reset()
		if p.observe(b) != certain || p.status < 200 {
			return
		}
		m, req := methodGet, &http.Request{Method: http.MethodGet}
		if head {
			m, req = methodHead, &http.Request{Method: http.MethodHead}
		}
		rest := p.body(m)
		n, v := rest.observe(b[p.size:])
		under := bytes.NewReader(b)
		r := bufio.NewReader(under)
		resp, err := http.ReadResponse(r, req)
		if err != nil {
			return
		}
		_, err = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		switch {
		case v == opaque || rest.kind == untilClose:
		case v == certain && refusesTrailer(err):
		case (v == certain) != (err == nil):
			t.Fatalf("observer says %v, net/http %v", v, err)
		case v == certain && consumed(b, under, r) != p.size+n:
			t.Fatalf("observer ends at %d, net/http at %d", p.size+n, consumed(b, under, r))
		}
	})
}

// FuzzPieces checks that it makes no difference in which pieces bytes come.
func FuzzPieces(f *testing.F) {
	f.Add([]byte("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x\r\nabc\r\n0\r\nT: v\r\n\r\nG"), uint16(20), uint16(50))
	f.Fuzz(func(t *testing.T, b []byte, i, j uint16) {
		whole := endOf(b, nil)
		cut := []int{int(i) % (len(b) + 1), int(j) % (len(b) + 1)}
		if got := endOf(b, cut); got != whole {
			t.Fatalf("cut at %v the message ends at %d, whole at %d", cut, got, whole)
		}
	})
}

// endOf returns where the request at the start of b ends, or a negative verdict,
// when b comes in pieces.
func endOf(b []byte, cuts []int) int {
	if len(cuts) == 2 && cuts[0] > cuts[1] {
		cuts[0], cuts[1] = cuts[1], cuts[0]
	}
	cuts = append(cuts, len(b))
	var q request
	q.reset()
	var rest body
	inBody, at := false, 0
	for _, end := range cuts {
		if end == at {
			continue // observers are shown something each time
		}
		if !inBody {
			switch q.observe(b[:end]) {
			case opaque:
				return -int(opaque)
			case more:
				continue
			case certain:
			}
			inBody, rest, at = true, q.body(), q.size
		}
		n, v := rest.observe(b[at:end])
		at += n
		if v == opaque {
			return -int(opaque)
		}
		if v == certain {
			return at
		}
	}
	return -100
}
