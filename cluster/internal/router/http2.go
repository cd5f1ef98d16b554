package router

import (
	"bytes"
	"encoding/binary"
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

// maxBlock bounds a header block that is put together from several frames.
const maxBlock = 256 << 10

// settingTableSize is SETTINGS_HEADER_TABLE_SIZE (RFC 9113, section 6.5.2).
const settingTableSize = 0x1

// http2 counts the requests of an HTTP/2 connection that is carried as a tunnel,
// by looking on: it never touches a byte. When it does not understand what it
// sees it stops, and what it has begun to count stays uncounted. Its methods are
// called from both goroutines of the connection.
type http2 struct {
	b *Backend

	mu         sync.Mutex
	lost       bool
	fromClient frames
	fromServer frames
	streams    map[uint32]http2Stream
	decoder    *hpack.Decoder
	block      []byte // header block of the server that is not complete yet
	blockHead  frame  // the frame that it began with
	status     int    // of the block that is being decoded
}

// http2Stream is a request that is under way.
type http2Stream struct {
	began  int64
	status int
}

// newHTTP2 returns the observer of a connection to b, or nil if begin, the first
// bytes of the client, are no HTTP/2.
func newHTTP2(b *Backend, begin []byte) *http2 {
	if !bytes.HasPrefix(begin, []byte(http2FirstLine)) {
		return nil
	}
	h := &http2{b: b, streams: make(map[uint32]http2Stream)}
	h.fromClient.skip = len(http2Preface)
	h.decoder = hpack.NewDecoder(4096, h.field)
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

// server looks at bytes of the backend.
func (h *http2) server(b []byte) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.lost && !h.fromServer.observe(b, h.answered) {
		h.lose()
	}
}

// lose stops counting.
func (h *http2) lose() {
	h.lost = true
	h.b.streams.Add(-int64(len(h.streams)))
	h.b.uncounted.Add(1)
	h.streams = nil
}

// end counts what is still under way when the connection has ended. failed says
// that the backend ended it.
func (h *http2) end(failed bool) {
	if h == nil {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for id := range h.streams {
		h.stop(id, failed)
	}
}

// asked takes a frame of the client.
func (h *http2) asked(f *frame) bool {
	switch f.kind {
	case frameHeaders:
		if _, trailers := h.streams[f.stream]; !trailers {
			if len(h.streams) == maxStreams {
				return false
			}
			h.streams[f.stream] = http2Stream{began: clock()}
			h.b.streams.Add(1)
		}
	case frameReset:
		h.stop(f.stream, false)
	case frameSettings:
		if !f.has(flagAck) {
			h.settings(f.payload)
		}
	}
	return true
}

// settings takes note of how large a table the client lets the server use.
func (h *http2) settings(p []byte) {
	for ; len(p) >= 6; p = p[6:] {
		if binary.BigEndian.Uint16(p) == settingTableSize {
			h.decoder.SetAllowedMaxDynamicTableSize(binary.BigEndian.Uint32(p[2:]))
		}
	}
}

// answered takes a frame of the server. Every header block must be decoded, since
// each may depend on those before it (RFC 7541, section 2.2).
func (h *http2) answered(f *frame) bool {
	switch f.kind {
	case frameData:
		if f.has(flagEndStream) {
			h.finish(f.stream)
		}
	case frameReset:
		h.stop(f.stream, true)
	case frameHeaders, framePush:
		h.block, h.blockHead = h.block[:0], *f
		return h.extend(f)
	case frameContinuation:
		return h.extend(f)
	}
	return true
}

// extend adds a frame to a header block and takes note of the block once it is
// complete.
func (h *http2) extend(f *frame) bool {
	part, ok := f.fragment()
	if !ok || len(h.block)+len(part) > maxBlock || f.stream != h.blockHead.stream {
		return false
	}
	h.block = append(h.block, part...)
	if !f.has(flagEndHeaders) {
		return true
	}
	h.status = 0
	if _, err := h.decoder.Write(h.block); err != nil || h.decoder.Close() != nil {
		return false
	}
	if h.blockHead.kind == framePush {
		return true
	}
	if s, ok := h.streams[f.stream]; ok && h.status >= 200 && h.status < 600 {
		s.status = h.status
		h.streams[f.stream] = s
	}
	if h.blockHead.has(flagEndStream) {
		h.finish(f.stream)
	}
	return true
}

// field takes note of one decoded field.
func (h *http2) field(f hpack.HeaderField) {
	if f.Name == ":status" {
		h.status, _ = strconv.Atoi(f.Value)
	}
}

// finish counts a request whose response is complete.
func (h *http2) finish(id uint32) {
	s, ok := h.streams[id]
	if !ok {
		return
	}
	if s.status == 0 {
		h.stop(id, true)
		return
	}
	delete(h.streams, id)
	h.b.answer(s.status, clock()-s.began)
	h.b.streams.Add(-1)
}

// stop counts a request that has ended without a whole response.
func (h *http2) stop(id uint32, failed bool) {
	if _, ok := h.streams[id]; !ok {
		return
	}
	delete(h.streams, id)
	if failed {
		h.b.failed.Add(1)
		h.b.r.errors.Add(1)
	} else {
		h.b.aborted.Add(1)
	}
	h.b.streams.Add(-1)
}
