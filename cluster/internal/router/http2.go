package router

import (
	"bytes"
	"strconv"
	"sync"

	"golang.org/x/net/http2/hpack"
)

// The client's connection preface (RFC 9113, section 3.4). The first line is
// enough to know it.
const (
	http2Preface   = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
	http2FirstLine = "PRI * HTTP/2.0\r\n"
)

// maxStreams bounds how many requests of a connection are under way: servers
// allow some hundred.
const maxStreams = 10_000

// http2 counts the requests of an HTTP/2 connection that is carried as a tunnel,
// by looking on: it never touches a byte. When it does not understand what it
// sees it stops, and what it has begun to count stays uncounted. It also knows
// where a frame of the router's own may stand (goaway.go). Its methods are called
// from both goroutines of the connection, and some from others.
type http2 struct {
	b *Backend

	mu         sync.Mutex
	lost       bool
	fromClient frames
	fromServer frames
	requests   headers // of the client
	responses  headers
	streams    map[uint32]http2Stream
	open       map[uint32]sides // streams that are not over, pushed ones too
	newest     uint32           // the highest stream that the client has opened
	greeted    bool             // the server's first SETTINGS were there
	away       goingAway

	// Of the block that is being decoded.
	method, path string
	status       int
}

// http2Stream is a request that is under way.
type http2Stream struct {
	began  int64
	status int
	record *record // for the feed, if that takes it
}

// sides are those that may send more on a stream (RFC 9113, section 5.1). A server may
// answer before it has all of the request.
type sides uint8

const (
	clientSide sides = 1 << iota
	serverSide
)

// newHTTP2 returns the observer of a connection to b, or nil if begin, the first
// bytes of the client, are no HTTP/2.
func newHTTP2(b *Backend, begin []byte) *http2 {
	if !bytes.HasPrefix(begin, []byte(http2FirstLine)) {
		return nil
	}
	return lookAtHTTP2(b)
}

// lookAtHTTP2 returns the observer of a connection to b that surely is HTTP/2.
func lookAtHTTP2(b *Backend) *http2 {
	h := &http2{b: b, streams: make(map[uint32]http2Stream), open: make(map[uint32]sides)}
	h.fromClient.preface = http2Preface
	h.requests, h.responses = newHeaders(h.field), newHeaders(h.field)
	return h
}

// client looks at bytes on their way to the backend, before they get there. A nil
// observer looks at nothing.
func (h *http2) client(b []byte) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.lost && !h.fromClient.observe(b, h.asked) {
		h.lose()
	}
}

// server looks at bytes of the backend. It returns after how many of them the
// client is to be told to go elsewhere, if that is due, else all.
func (h *http2) server(b []byte) (n int, due bool) {
	if h == nil {
		return len(b), false
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for !h.lost && n < len(b) {
		if h.due() {
			return n, true
		}
		k, ok := h.fromServer.step(b[n:], h.answered)
		n += k
		if !ok {
			h.lose()
		}
	}
	return len(b), h.due()
}

// lose stops counting.
func (h *http2) lose() {
	h.lost = true
	h.b.streams.Add(-int64(len(h.streams)))
	h.b.uncounted.Add(1)
	for _, s := range h.streams {
		drop(s.record)
	}
	h.streams, h.open = nil, nil
	h.away.settle()
}

// end counts what is still under way when the connection has ended, and why.
func (h *http2) end(why Fault) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for id := range h.streams {
		h.stop(id, why)
	}
	h.away.settle()
}

// asked takes a frame of the client.
func (h *http2) asked(f *frame) bool {
	switch f.kind {
	case frameHeaders:
		// Of a stream that is no newer they are trailers, if only of a request
		// that has its answer already (RFC 9113, section 5.1.1).
		if f.stream > h.newest {
			if len(h.open) >= maxStreams {
				return false
			}
			h.streams[f.stream] = http2Stream{began: clock(), record: h.b.r.feed.draw()}
			h.b.streams.Add(1)
			h.newest, h.open[f.stream] = f.stream, clientSide|serverSide
		}
		h.weigh(f, true)
		h.close(f, clientSide)
		return h.request(f)
	case frameContinuation:
		h.weigh(f, true)
		return h.request(f)
	case frameData:
		h.weigh(f, true)
		h.close(f, clientSide)
	case frameReset:
		h.stop(f.stream, ClientLeft)
		delete(h.open, f.stream)
	case frameSettings:
		h.responses.allow(f)
	}
	return true
}

// request takes a part of a header block of the client.
func (h *http2) request(f *frame) bool {
	h.method, h.path = "", ""
	complete, ok := h.requests.add(f)
	if r := h.streams[f.stream].record; complete && r != nil && r.size == 0 {
		r.put(h.method)
		r.put(" ")
		r.put(h.path)
	}
	return ok
}

// answered takes a frame of the server. The first are its settings (RFC 9113,
// section 3.4), or it does not speak HTTP/2.
func (h *http2) answered(f *frame) bool {
	if !h.greeted {
		h.greeted = f.kind == frameSettings && !f.has(flagAck) && f.stream == 0
		if !h.greeted {
			return false
		}
	}
	switch f.kind {
	case frameData:
		h.weigh(f, false)
		h.close(f, serverSide)
		if f.has(flagEndStream) {
			h.finish(f.stream)
		}
	case frameReset:
		h.stop(f.stream, CutShort)
		delete(h.open, f.stream)
	case frameHeaders:
		h.weigh(f, false)
		h.close(f, serverSide)
		return h.response(f)
	case framePush:
		id, ok := f.promised()
		if !ok || len(h.open) >= maxStreams {
			return false
		}
		h.open[id] = serverSide
		fallthrough
	case frameContinuation:
		h.weigh(f, false)
		return h.response(f)
	case frameSettings:
		h.requests.allow(f)
	case frameGoAway:
		h.away.settle()
	}
	return true
}

// close takes note of a frame that may be the last of a side on its stream.
func (h *http2) close(f *frame, side sides) {
	if !f.has(flagEndStream) {
		return
	}
	if rest := h.open[f.stream] &^ side; rest != 0 {
		h.open[f.stream] = rest
	} else {
		delete(h.open, f.stream)
	}
}

// response takes a part of a header block of the server.
func (h *http2) response(f *frame) bool {
	h.status = 0
	complete, ok := h.responses.add(f)
	first := &h.responses.first
	if !complete || !ok || first.kind == framePush {
		return ok
	}
	if s, ok := h.streams[f.stream]; ok && h.status >= 200 && h.status < 600 {
		s.status = h.status
		h.streams[f.stream] = s
	}
	if first.has(flagEndStream) {
		h.finish(f.stream)
	}
	return true
}

// field takes note of one decoded field.
func (h *http2) field(f hpack.HeaderField) {
	switch f.Name {
	case ":status":
		h.status, _ = strconv.Atoi(f.Value)
	case ":method":
		h.method = f.Value
	case ":path":
		h.path = f.Value
	}
}

// weigh counts the bytes of a frame for the feed.
func (h *http2) weigh(f *frame, client bool) {
	switch r := h.streams[f.stream].record; {
	case r == nil:
	case client:
		r.in += frameHeadSize + int64(f.size)
	default:
		r.out += frameHeadSize + int64(f.size)
	}
}

// finish counts a request whose response is complete.
func (h *http2) finish(id uint32) {
	s, ok := h.streams[id]
	if !ok {
		return
	}
	if s.status == 0 {
		h.stop(id, NotHTTP)
		return
	}
	now := clock()
	h.b.answer(s.status, now-s.began)
	h.leave(id, now, NoFault)
}

// stop counts a request that has ended without a whole response.
func (h *http2) stop(id uint32, why Fault) {
	if _, ok := h.streams[id]; !ok {
		return
	}
	if why == ClientLeft {
		h.b.aborted.Add(1)
	} else {
		h.b.failed.Add(1)
		h.b.r.errors.Add(1)
	}
	h.leave(id, clock(), why)
}

// leave ends a request at a clock time.
func (h *http2) leave(id uint32, now int64, f Fault) {
	s := h.streams[id]
	delete(h.streams, id)
	h.b.streams.Add(-1)
	if r := s.record; r != nil {
		r.at, r.took = s.began, now-s.began
		r.worker, r.status, r.fault = h.b.id, s.status, f
		h.b.r.feed.note(r)
	}
}
