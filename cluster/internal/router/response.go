package router

// response observes the head of one response.
type response struct {
	head
	status int
}

// reset makes p ready for the next response.
func (p *response) reset() { *p = response{head: head{length: noLength}} }

// observe reads on in b, which begins with the response and holds at least
// what the call before had.
func (p *response) observe(b []byte) verdict {
	if p.status == 0 {
		line, v := p.line(b)
		if v == more && !statusPrefix(b) {
			return opaque
		}
		if v != certain {
			return v
		}
		if !p.statusLine(line) {
			return opaque
		}
	}
	v := p.fields(b)
	if v == certain && p.status < 200 && (p.chunked || p.length > 0) {
		return opaque // a body that must not be, and some will read
	}
	return v
}

const statusForm = "HTTP/1.x ddd"

// statusPrefix says whether b may be the beginning of a status line.
func statusPrefix(b []byte) bool {
	for i := 0; i < len(b) && i < len(statusForm); i++ {
		switch statusForm[i] {
		case 'x':
			if b[i] != '0' && b[i] != '1' {
				return false
			}
		case 'd':
			if b[i] < '0' || b[i] > '9' {
				return false
			}
		default:
			if b[i] != statusForm[i] {
				return false
			}
		}
	}
	return true
}

// statusLine reads VERSION SP STATUS SP REASON. Many servers leave out the
// space before an empty reason.
func (p *response) statusLine(line []byte) bool {
	if len(line) < len(statusForm) || !statusPrefix(line) {
		return false
	}
	for i, c := range line[len(statusForm):] {
		if i == 0 && c != ' ' || c == '\r' || c == 0 {
			return false
		}
	}
	p.minor = int8(line[7] - '0')
	p.status = int(line[9]-'0')*100 + int(line[10]-'0')*10 + int(line[11]-'0')
	return p.status >= 100 && p.status <= 599
}

// interim says whether another response to the same request follows.
func (p *response) interim() bool { return p.status < 200 && p.status != 101 }

// switches says whether the connection leaves HTTP with this response to a
// request of method m (RFC 9110, sections 7.8 and 9.3.6).
func (p *response) switches(m method) bool {
	return p.status == 101 || m == methodConnect && p.status/100 == 2
}

// bodiless says whether no body follows, whatever the head announces.
func (p *response) bodiless(m method) bool {
	return m == methodHead || p.status < 200 || p.status == 204 || p.status == 304
}

// body returns the framing of what follows the head of a response to a request
// of method m (RFC 9112, section 6.3).
func (p *response) body(m method) body {
	switch {
	case p.bodiless(m):
		return body{}
	case p.chunked:
		return body{kind: chunkedBody}
	case p.length == noLength:
		return body{kind: untilClose}
	case p.length > 0:
		return body{kind: sizedBody, left: p.length}
	}
	return body{}
}

// tempting says whether the head announces a body that must not follow. Careless
// servers send it all the same, some moments later: their connection is not to
// be used for anybody else.
func (p *response) tempting(m method) bool {
	return p.bodiless(m) && (p.chunked || p.length > 0)
}
