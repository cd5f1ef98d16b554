package router

import "encoding/binary"

// frameHeadSize is the size of an HTTP/2 frame's head (RFC 9113, section 4.1).
const frameHeadSize = 9

// The frame types that are looked at (RFC 9113, section 6), and their flags.
const (
	frameData         = 0x0
	frameHeaders      = 0x1
	frameReset        = 0x3
	frameSettings     = 0x4
	framePush         = 0x5
	frameGoAway       = 0x7
	frameContinuation = 0x9

	flagEndStream  = 0x1
	flagAck        = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8
	flagPriority   = 0x20
)

// maxKept bounds the payload of a frame that is kept to be looked at.
const maxKept = 64 << 10

// frame is one HTTP/2 frame. The payload is kept only for types that need it.
type frame struct {
	kind, flags byte
	stream      uint32
	size        int // of the payload
	payload     []byte
}

func (f *frame) has(flag byte) bool { return f.flags&flag != 0 }

// frames observes one direction of an HTTP/2 connection.
type frames struct {
	preface string // what of it is still to come, before the first frame
	skip    int    // bytes before the next thing to look at
	head    [frameHeadSize]byte
	have    int // bytes of head
	left    int // bytes to come of a payload that is kept
	now     frame
	open    bool // a header block has begun and not ended
}

// between says whether another frame could stand where the observer is. Within a
// header block none may (RFC 9113, section 6.10).
func (f *frames) between() bool {
	return f.preface == "" && f.skip == 0 && f.have == 0 && !f.open
}

// fresh says whether nothing has come of what begins with the client's preface.
func (f *frames) fresh() bool { return f.preface == http2Preface }

// observe calls on with each frame that ends in b, or, if nothing is kept of it,
// whose head does. It returns false once it does not understand what it sees.
func (f *frames) observe(b []byte, on func(*frame) bool) bool {
	for len(b) > 0 {
		n, ok := f.step(b, on)
		if !ok {
			return false
		}
		b = b[n:]
	}
	return true
}

// step is observe as far as the end of a frame at most. It returns how many bytes
// it has looked at.
func (f *frames) step(b []byte, on func(*frame) bool) (n int, ok bool) {
	switch {
	case f.preface != "":
		n = min(len(f.preface), len(b))
		ok = f.preface[:n] == string(b[:n])
		f.preface = f.preface[n:]
		return n, ok
	case f.skip > 0:
		n = min(f.skip, len(b))
		f.skip -= n
		return n, true
	case f.have < frameHeadSize:
		n = copy(f.head[f.have:], b)
		f.have += n
		if f.have < frameHeadSize {
			return n, true
		}
		if !f.begin() {
			return n, false
		}
	default:
		n = min(f.left, len(b))
		f.now.payload = append(f.now.payload, b[:n]...)
		f.left -= n
	}
	if f.left > 0 {
		return n, true
	}
	f.have = 0
	return n, on(&f.now)
}

// begin reads the head of a frame.
func (f *frames) begin() bool {
	size := int(f.head[0])<<16 | int(f.head[1])<<8 | int(f.head[2])
	f.now.kind, f.now.flags, f.now.size = f.head[3], f.head[4], size
	f.now.stream = binary.BigEndian.Uint32(f.head[5:]) &^ (1 << 31)
	f.now.payload = f.now.payload[:0]
	if f.open != (f.now.kind == frameContinuation) {
		return false
	}
	switch f.now.kind {
	case frameHeaders, frameContinuation, framePush:
		f.open = !f.now.has(flagEndHeaders)
	}
	switch f.now.kind {
	case frameHeaders, frameContinuation, framePush, frameSettings:
		f.left = size
		return size <= maxKept
	}
	f.skip = size
	return true
}

// greets says whether b, the first bytes of a server, are a SETTINGS frame of its own,
// with less than 43 settings: then it speaks HTTP/2 (RFC 9113, section 3.4).
func greets(b []byte) bool {
	const before, after = "\x00\x00", "\x04\x00\x00\x00\x00\x00"
	return len(b) >= frameHeadSize && b[2]%6 == 0 &&
		string(b[:2]) == before && string(b[3:frameHeadSize]) == after
}

// promised returns the stream that a PUSH_PROMISE frame announces.
func (f *frame) promised() (uint32, bool) {
	p := f.payload
	if f.has(flagPadded) && len(p) > 0 {
		p = p[1:]
	}
	if len(p) < 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(p) &^ (1 << 31), true
}

// fragment returns the part of a header block in a HEADERS, PUSH_PROMISE or
// CONTINUATION frame.
func (f *frame) fragment() ([]byte, bool) {
	p := f.payload
	if f.kind == frameContinuation {
		return p, true
	}
	padding, before := 0, 0
	if f.has(flagPadded) {
		if len(p) == 0 {
			return nil, false
		}
		padding, p = int(p[0]), p[1:]
	}
	if f.kind == framePush {
		before = 4 // the promised stream
	} else if f.has(flagPriority) {
		before = 5
	}
	if before+padding > len(p) {
		return nil, false
	}
	return p[before : len(p)-padding], true
}
