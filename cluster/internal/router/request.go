package router

import "bytes"

// method is a request method as far as the router tells them apart.
type method int8

const (
	methodOther method = iota
	methodGet
	methodHead
	methodPut
	methodDelete
	methodOptions
	methodTrace
	methodConnect
)

// idempotent says whether a request may be sent again when it is not known what
// became of it (RFC 9110, section 9.2.2). Of a method not known here, nothing
// is known.
func (m method) idempotent() bool {
	return m >= methodGet && m <= methodTrace
}

// request observes the head of one request.
type request struct {
	head
	method method
	begun  bool // the request line has been read
}

// reset makes q ready for the next request.
func (q *request) reset() { *q = request{head: head{length: noLength}} }

// observe reads on in b, which begins with the request and holds at least
// what the call before had. Once it says opaque, it must not be called again.
func (q *request) observe(b []byte) verdict {
	if !q.begun {
		line, v := q.line(b)
		if v == more && !plausible(b) {
			return opaque
		}
		if v != certain {
			return v
		}
		if !q.requestLine(line) {
			return opaque
		}
		q.begun = true
	}
	v := q.fields(b)
	if v == certain && q.method == methodConnect && (q.chunked || q.length > 0) {
		return opaque // a body that must not be, and some will read
	}
	return v
}

// plausible says whether b may be the beginning of a request line: a method,
// then anything. It finds TLS, binary protocols and blank lines at once.
func plausible(b []byte) bool {
	if space := bytes.IndexByte(b, ' '); space >= 0 {
		b = b[:space]
	}
	return isToken(b)
}

// requestLine reads METHOD SP TARGET SP VERSION, with single spaces.
func (q *request) requestLine(line []byte) bool {
	name, rest, _ := bytes.Cut(line, []byte{' '})
	target, version, _ := bytes.Cut(rest, []byte{' '})
	if !isToken(name) || !isTarget(target) {
		return false
	}
	switch string(version) {
	case "HTTP/1.1":
		q.minor = 1
	case "HTTP/1.0":
		q.minor = 0
	default:
		return false
	}
	q.method = methodOf(name)
	return true
}

// isTarget accepts any form of target (origin, absolute, authority, asterisk):
// which one makes no difference to where the message ends.
func isTarget(b []byte) bool {
	for _, c := range b {
		if c <= ' ' || c == 0x7f {
			return false
		}
	}
	return len(b) > 0
}

// methodOf tells methods apart. They are case-sensitive (RFC 9110, section 9.1).
func methodOf(name []byte) method {
	switch string(name) {
	case "GET":
		return methodGet
	case "HEAD":
		return methodHead
	case "PUT":
		return methodPut
	case "DELETE":
		return methodDelete
	case "OPTIONS":
		return methodOptions
	case "TRACE":
		return methodTrace
	case "CONNECT":
		return methodConnect
	}
	return methodOther
}

// body returns the framing of what follows the head (RFC 9112, section 6.3).
// A CONNECT has no body: what follows it belongs to the tunnel.
func (q *request) body() body {
	switch {
	case q.method == methodConnect:
		return body{}
	case q.chunked:
		return body{kind: chunkedBody}
	case q.length > 0:
		return body{kind: sizedBody, left: q.length}
	}
	return body{}
}

// carriesBody says whether a body follows the head. A CONNECT's is opaque.
func (q *request) carriesBody() bool { return q.chunked || q.length > 0 }
