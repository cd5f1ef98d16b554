package router

import "bytes"

// verdict is what an observer says of the bytes it was shown.
type verdict int

const (
	more    verdict = iota // not complete yet, certain so far
	certain                // complete, and where it ends is beyond doubt
	opaque                 // no HTTP/1.x, or doubtful: not to be interpreted
)

// head is what the first lines of a message say about its framing and about
// the connection. It is filled line by line as the bytes come.
//
// A head is certain only if every reader of RFC 9112 must read it the same way.
// What a lenient reader may take differently (a bare LF or CR, a NUL, a folded
// line, space before a colon, a length given twice, a length beside chunked,
// chunked in HTTP/1.0, a coding other than chunked) is opaque, since guessing
// is what makes request smuggling possible (RFC 9112, sections 5, 6.3, 11.2).
type head struct {
	size    int   // bytes seen so far; of the whole head once certain
	length  int64 // of Content-Length, or noLength
	minor   int8  // of the HTTP version
	chunked bool
	// Options of the Connection field.
	close, keepAlive bool
}

const noLength = -1

// line returns the next line of b without its CRLF.
func (h *head) line(b []byte) ([]byte, verdict) {
	rest := b[h.size:]
	end := bytes.IndexByte(rest, '\n')
	if end < 0 {
		return nil, more
	}
	if end == 0 || rest[end-1] != '\r' {
		return nil, opaque
	}
	h.size += end + 1
	return rest[:end-1], certain
}

// fields reads field lines of b up to the blank line that ends the head.
func (h *head) fields(b []byte) verdict {
	for {
		line, v := h.line(b)
		if v != certain {
			return v
		}
		if len(line) == 0 {
			return h.framing()
		}
		if !h.field(line) {
			return opaque
		}
	}
}

// framing judges the head as a whole.
func (h *head) framing() verdict {
	if h.chunked && (h.length != noLength || h.minor == 0) {
		return opaque
	}
	return certain
}

// field takes note of one field line and reports whether it is well-formed.
func (h *head) field(line []byte) bool {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || !isToken(line[:colon]) {
		return false
	}
	name, value := line[:colon], line[colon+1:]
	if bytes.IndexByte(value, '\r') >= 0 || bytes.IndexByte(value, 0) >= 0 {
		return false
	}
	// Only names of these lengths matter; the switch spares the rest a look.
	switch len(name) {
	case len("connection"):
		if foldEqual(name, "connection") {
			h.options(value)
		}
	case len("content-length"):
		if foldEqual(name, "content-length") {
			return h.contentLength(trim(value))
		}
	case len("transfer-encoding"):
		if foldEqual(name, "transfer-encoding") {
			again := h.chunked
			h.chunked = true
			return !again && foldEqual(trim(value), "chunked")
		}
	}
	return true
}

func (h *head) contentLength(digits []byte) bool {
	const enough = 18 // digits; always fits an int64
	if h.length != noLength || len(digits) == 0 || len(digits) > enough {
		return false
	}
	h.length = 0
	for _, d := range digits {
		if d < '0' || d > '9' {
			return false
		}
		h.length = h.length*10 + int64(d-'0')
	}
	return true
}

// options takes note of the comma-separated options of a Connection field.
func (h *head) options(value []byte) {
	for len(value) > 0 {
		var option []byte
		option, value, _ = bytes.Cut(value, []byte{','})
		switch option = trim(option); {
		case foldEqual(option, "close"):
			h.close = true
		case foldEqual(option, "keep-alive"):
			h.keepAlive = true
		}
	}
}

// persists says whether the sender of this head means to keep the connection
// after this exchange (RFC 9112, section 9.3).
func (h *head) persists() bool {
	return !h.close && (h.minor == 1 || h.keepAlive)
}

// trim cuts optional white space (RFC 9110, section 5.6.3) off both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// foldEqual compares b with lower, which is in lower case, in ASCII and
// without regard to case.
func foldEqual(b []byte, lower string) bool {
	if len(b) != len(lower) {
		return false
	}
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}

// isToken says whether b is a token (RFC 9110, section 5.6.2).
func isToken(b []byte) bool {
	for _, c := range b {
		if !tokenChar[c] {
			return false
		}
	}
	return len(b) > 0
}

var tokenChar = func() (t [256]bool) {
	for c := '0'; c <= '9'; c++ {
		t[c] = true
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-'a'+'A'] = true, true
	}
	for _, c := range "!#$%&'*+-.^_`|~" {
		t[c] = true
	}
	return t
}()
