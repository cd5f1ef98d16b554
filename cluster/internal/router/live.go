package router

import (
	"bytes"
	"strconv"
	"unicode"
)

// A page that is to reload itself gets a script at its end. Nothing else of the
// response is touched but the figure of Content-Length, and nothing at all of a
// response that is no page, or coded, or not to be transformed.

// scriptTag returns what is put at the end of a page that a backend has given.
func (b *Backend) scriptTag() string {
	return `<script src="/.gcl-tui/` + scriptPath + `" data-serves="` + b.edition() + "\"></script>\n"
}

// prepare finds out whether the request at hand is a browser's for a page. If it
// is, the app is to answer it in full and uncoded, whatever the browser has of
// it already: an unchanged page from its cache would bring the tag of an older
// generation along.
func (c *conn) prepare() {
	head := c.buf[c.lo : c.lo+c.req.size]
	c.x.live = c.r.opts.LiveReload && c.req.method == methodGet && asksForPage(head)
	if c.x.live {
		blank(head, "accept-encoding")
		blank(head, "if-none-match")
		blank(head, "if-modified-since")
	}
}

// asksForPage says whether a request is for a page that a browser will show, and
// not for a part of one that a script has asked for. A browser says so on
// connections that it trusts, such as those to localhost (Fetch Metadata Request
// Headers, section 2.1).
func asksForPage(head []byte) bool {
	switch dest := field(head, "sec-fetch-dest"); string(dest) {
	case "", "document", "iframe", "frame":
		return wantsHTML(head)
	}
	return false
}

// fieldAt returns where the value of the first field of that name, in lower case,
// begins and ends from an offset in a head that is certain. ok is false if there
// is none.
func fieldAt(head []byte, name string, from int) (start, end int, ok bool) {
	for at := from; at < len(head); at = end {
		end = at + bytes.IndexByte(head[at:], '\n') + 1
		line := head[at:end]
		if colon := bytes.IndexByte(line, ':'); colon >= 0 && foldEqual(line[:colon], name) {
			return at + colon + 1, end - len("\r\n"), true
		}
	}
	return 0, 0, false
}

// field returns the value of the first field of that name, nil if there is none.
func field(head []byte, name string) []byte {
	start, end, ok := fieldAt(head, name, 0)
	if !ok {
		return nil
	}
	return trim(head[start:end])
}

// blank empties all fields of that name without moving anything. That is a proper
// value: of Accept-Encoding it means no coding (RFC 9110, section 12.5.3), and a
// condition that names nothing is none (sections 13.1.2 and 13.1.3).
func blank(head []byte, name string) {
	start, end, ok := fieldAt(head, name, 0)
	for ok {
		for i := start; i < end; i++ {
			head[i] = ' '
		}
		start, end, ok = fieldAt(head, name, end+len("\r\n"))
	}
}

// takesScript says whether a response is a page that a script can be put at the
// end of. What fails or is not found is one too: it is waiting for a change.
func (p *response) takesScript(head []byte) bool {
	kind, parameters, _ := bytes.Cut(field(head, "content-type"), []byte{';'})
	coding := field(head, "content-encoding")
	return (p.status == 200 || p.status >= 400) && p.length != 0 &&
		foldEqual(trim(kind), "text/html") &&
		!bytes.Contains(bytes.ToLower(parameters), []byte("utf-16")) &&
		(len(coding) == 0 || foldEqual(coding, "identity")) &&
		!isAttachment(head) && !forbidsTransform(head)
}

// isAttachment says whether a browser saves a response rather than show it (RFC 6266,
// section 4.2).
func isAttachment(head []byte) bool {
	kind, _, _ := bytes.Cut(field(head, "content-disposition"), []byte{';'})
	return foldEqual(trim(kind), "attachment")
}

// forbidsTransform looks for the directive no-transform (RFC 9110, section 7.7).
func forbidsTransform(head []byte) bool {
	start, end, ok := fieldAt(head, "cache-control", 0)
	for ok && !bytes.Contains(bytes.ToLower(head[start:end]), []byte("no-transform")) {
		start, end, ok = fieldAt(head, "cache-control", end)
	}
	return ok
}

// relength appends head to out, with another figure in its Content-Length.
func relength(out, head []byte, length int64) []byte {
	start, end, _ := fieldAt(head, "content-length", 0)
	start += bytes.IndexFunc(head[start:end], unicode.IsDigit)
	out = append(out, head[:start]...)
	out = strconv.AppendInt(out, length, 10)
	return append(out, bytes.TrimLeftFunc(head[start:], unicode.IsDigit)...)
}
