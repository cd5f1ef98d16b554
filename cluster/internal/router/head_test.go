package router

import (
	"strings"
	"testing"
)

// observeInPieces shows text to observe byte by byte, as if it came that way,
// and returns the verdict at the first byte where it is not more, or at the end.
func observeInPieces(text string, observe func([]byte) verdict) verdict {
	for i := range len(text) {
		if v := observe([]byte(text[:i+1])); v != more {
			return v
		}
	}
	return more
}

func observeRequest(text string) (request, verdict) {
	var q request
	q.reset()
	return q, q.observe([]byte(text))
}

func TestRequestHeads(t *testing.T) {
	const crlf = "\r\n\r\n"
	for _, tt := range []struct {
		name, text string
		want       verdict
		body       body
		method     method
		persists   bool
	}{
		{"plain", "GET / HTTP/1.1\r\nHost: a" + crlf, certain, body{}, methodGet, true},
		{"no fields", "GET / HTTP/1.1" + crlf, certain, body{}, methodGet, true},
		{"one byte short", "GET / HTTP/1.1\r\nHost: a\r\n\r", more, body{}, methodGet, true},
		{"lower version", "GET / HTTP/1.0" + crlf, certain, body{}, methodGet, false},
		{"lower version, kept", "GET / HTTP/1.0\r\nConnection: Keep-Alive" + crlf, certain, body{}, methodGet, true},
		{"close", "GET / HTTP/1.1\r\nconnection: x, CLOSE ,y" + crlf, certain, body{}, methodGet, false},
		{"close wins", "GET / HTTP/1.1\r\nConnection: keep-alive\r\nConnection: close" + crlf, certain, body{}, methodGet, false},
		{"length", "POST / HTTP/1.1\r\nContent-Length:  12 " + crlf, certain, body{kind: sizedBody, left: 12}, methodOther, true},
		{"length 0", "POST / HTTP/1.1\r\nContent-Length: 0" + crlf, certain, body{}, methodOther, true},
		{"largest length", "PUT / HTTP/1.1\r\nContent-Length: 999999999999999999" + crlf, certain, body{kind: sizedBody, left: 999999999999999999}, methodPut, true},
		{"chunked", "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked" + crlf, certain, body{kind: chunkedBody}, methodOther, true},
		{"absolute form", "GET http://a:80/b?c HTTP/1.1" + crlf, certain, body{}, methodGet, true},
		{"asterisk form", "OPTIONS * HTTP/1.1" + crlf, certain, body{}, methodOptions, true},
		{"authority form", "CONNECT a:1 HTTP/1.1" + crlf, certain, body{}, methodConnect, true},
		{"CONNECT with a body", "CONNECT a:1 HTTP/1.1\r\nContent-Length: 5" + crlf, opaque, body{}, 0, false},
		{"own method", "PROPFIND / HTTP/1.1" + crlf, certain, body{}, methodOther, true},
		{"method of a different case", "get / HTTP/1.1" + crlf, certain, body{}, methodOther, true},
		{"bytes above ASCII in a value", "GET / HTTP/1.1\r\nA: \xff\xe4" + crlf, certain, body{}, methodGet, true},
		{"empty value", "GET / HTTP/1.1\r\nA:" + crlf, certain, body{}, methodGet, true},

		{"both lengths", "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked" + crlf, opaque, body{}, 0, false},
		{"two lengths", "POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 3" + crlf, opaque, body{}, 0, false},
		{"list of lengths", "POST / HTTP/1.1\r\nContent-Length: 3, 3" + crlf, opaque, body{}, 0, false},
		{"signed length", "POST / HTTP/1.1\r\nContent-Length: +3" + crlf, opaque, body{}, 0, false},
		{"empty length", "POST / HTTP/1.1\r\nContent-Length:" + crlf, opaque, body{}, 0, false},
		{"length that overflows", "POST / HTTP/1.1\r\nContent-Length: 9999999999999999999" + crlf, opaque, body{}, 0, false},
		{"coding before chunked", "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked" + crlf, opaque, body{}, 0, false},
		{"chunked twice", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked" + crlf, opaque, body{}, 0, false},
		{"vertical tab in coding", "POST / HTTP/1.1\r\nTransfer-Encoding: \vchunked" + crlf, opaque, body{}, 0, false},
		{"chunked in 1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked" + crlf, opaque, body{}, 0, false},
		{"folded", "GET / HTTP/1.1\r\nA: b\r\n c" + crlf, opaque, body{}, 0, false},
		{"space before colon", "GET / HTTP/1.1\r\nContent-Length : 3" + crlf, opaque, body{}, 0, false},
		{"no colon", "GET / HTTP/1.1\r\nHost" + crlf, opaque, body{}, 0, false},
		{"no name", "GET / HTTP/1.1\r\n: a" + crlf, opaque, body{}, 0, false},
		{"bare LF after request line", "GET / HTTP/1.1\nHost: a" + crlf, opaque, body{}, 0, false},
		{"bare LF after field", "GET / HTTP/1.1\r\nHost: a\nB: c" + crlf, opaque, body{}, 0, false},
		{"bare CR in value", "GET / HTTP/1.1\r\nA: b\rC: d" + crlf, opaque, body{}, 0, false},
		{"NUL in value", "GET / HTTP/1.1\r\nA: b\x00" + crlf, opaque, body{}, 0, false},
		{"two spaces", "GET  / HTTP/1.1" + crlf, opaque, body{}, 0, false},
		{"space in target", "GET /a b HTTP/1.1" + crlf, opaque, body{}, 0, false},
		{"HTTP/0.9", "GET /" + crlf, opaque, body{}, 0, false},
		{"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", opaque, body{}, 0, false},
		{"HTTP/1.2", "GET / HTTP/1.2" + crlf, opaque, body{}, 0, false},
		{"blank line first", "\r\nGET / HTTP/1.1" + crlf, opaque, body{}, 0, false},
		{"TLS", "\x16\x03\x01\x02\x00\x01", opaque, body{}, 0, false},
		{"SSH", "SSH-2.0-OpenSSH_9.9\r\n", opaque, body{}, 0, false},
		{"redis", "*1\r\n$4\r\nPING\r\n", opaque, body{}, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			q, v := observeRequest(tt.text)
			var pieces request
			pieces.reset()
			if in := observeInPieces(tt.text, pieces.observe); v != tt.want || in != tt.want {
				t.Fatalf("verdict %v, in pieces %v, want %v", v, in, tt.want)
			}
			if v != certain {
				return
			}
			if q != pieces {
				t.Errorf("in pieces %+v, whole %+v", pieces, q)
			}
			if q.size != len(tt.text) || q.body() != tt.body || q.method != tt.method || q.persists() != tt.persists {
				t.Errorf("got %+v, body %+v, persists %v", q, q.body(), q.persists())
			}
		})
	}
}

func TestResponseHeads(t *testing.T) {
	const crlf = "\r\n\r\n"
	for _, tt := range []struct {
		name, text string
		to         method
		want       verdict
		body       body
	}{
		{"length", "HTTP/1.1 200 OK\r\nContent-Length: 5" + crlf, methodGet, certain, body{kind: sizedBody, left: 5}},
		{"chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" + crlf, methodGet, certain, body{kind: chunkedBody}},
		{"until close", "HTTP/1.1 200 OK" + crlf, methodGet, certain, body{kind: untilClose}},
		{"until close in 1.0", "HTTP/1.0 200 OK" + crlf, methodGet, certain, body{kind: untilClose}},
		{"to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5" + crlf, methodHead, certain, body{}},
		{"204", "HTTP/1.1 204 No Content" + crlf, methodGet, certain, body{}},
		{"304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5" + crlf, methodGet, certain, body{}},
		{"100", "HTTP/1.1 100 Continue" + crlf, methodOther, certain, body{}},
		{"no reason", "HTTP/1.1 200 \r\nContent-Length: 0" + crlf, methodGet, certain, body{}},
		{"no reason, no space", "HTTP/1.1 200\r\nContent-Length: 0" + crlf, methodGet, certain, body{}},
		{"100 with a body", "HTTP/1.1 100 Continue\r\nContent-Length: 5" + crlf, methodGet, opaque, body{}},
		{"both lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked" + crlf, methodGet, opaque, body{}},
		{"folded", "HTTP/1.1 200 OK\r\nA: b\r\n c" + crlf, methodGet, opaque, body{}},
		{"600", "HTTP/1.1 600 Odd" + crlf, methodGet, opaque, body{}},
		{"status of four digits", "HTTP/1.1 2000 OK" + crlf, methodGet, opaque, body{}},
		{"bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", methodGet, opaque, body{}},
		{"HTTP/2", "HTTP/2.0 200 OK" + crlf, methodGet, opaque, body{}},
		{"HTTP/0.9", "<html>", methodGet, opaque, body{}},
		{"banner", "220 mail.example ESMTP\r\n", methodGet, opaque, body{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var p, pieces response
			p.reset()
			pieces.reset()
			v := p.observe([]byte(tt.text))
			if in := observeInPieces(tt.text, pieces.observe); v != tt.want || in != tt.want {
				t.Fatalf("verdict %v, in pieces %v, want %v", v, in, tt.want)
			}
			if v == certain && (p.size != len(tt.text) || p.body(tt.to) != tt.body || p != pieces) {
				t.Errorf("got %+v, body %+v, want body %+v", p, p.body(tt.to), tt.body)
			}
		})
	}
}

func TestChunkedBodies(t *testing.T) {
	for _, tt := range []struct {
		name, text, after string
		want              verdict
	}{
		{"empty", "0\r\n\r\n", "", certain},
		{"one", "5\r\nhello\r\n0\r\n\r\n", "GET", certain},
		{"two", "1\r\na\r\nA\r\n0123456789\r\n0\r\n\r\n", "", certain},
		{"extensions", "1;a=b;c=\"d\"\r\nx\r\n0;last\r\n\r\n", "z", certain},
		{"trailers", "1\r\na\r\n0\r\nExpires: x\r\nB: c\r\n\r\n", "z", certain},
		{"leading zeros", "0001\r\na\r\n000\r\n\r\n", "", certain},
		{"CRLF in data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "", certain},
		{"no end", "5\r\nhello\r\n", "", more},
		{"data too long", "1\r\nab\r\n", "", opaque},
		{"bare LF after size", "1\na\r\n", "", opaque},
		{"bare LF in extension", "1;a\nb\r\n", "", opaque},
		{"bare CR in extension", "1;a\rb\r\n", "", opaque},
		{"bare LF in trailer", "0\r\nA: b\n\r\n", "", opaque},
		{"bare LF for a trailer", "0\r\n\n", "", opaque},
		{"space before size", " 1\r\n", "", opaque},
		{"space after size", "1 \r\n", "", opaque},
		{"0x", "0x1\r\n", "", opaque},
		{"negative", "-1\r\n", "", opaque},
		{"no size", "\r\n", "", opaque},
		{"overflow", strings.Repeat("f", 16) + "\r\n", "", opaque},
	} {
		t.Run(tt.name, func(t *testing.T) {
			whole := body{kind: chunkedBody}
			n, v := whole.observe([]byte(tt.text + tt.after))
			if v != tt.want || v == certain && n != len(tt.text) {
				t.Fatalf("verdict %v after %d bytes, want %v after %d", v, n, tt.want, len(tt.text))
			}
			for split := range len(tt.text) {
				b := body{kind: chunkedBody}
				n, v := b.observe([]byte(tt.text[:split]))
				if v == more {
					var m int
					m, v = b.observe([]byte(tt.text[split:] + tt.after))
					n += m
				}
				if v != tt.want || v == certain && n != len(tt.text) {
					t.Errorf("split at %d: verdict %v after %d bytes", split, v, n)
				}
			}
		})
	}
}
