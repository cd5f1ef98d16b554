package router

import "math"

// bodyKind says how the end of a body is told.
type bodyKind int8

const (
	noBody bodyKind = iota
	sizedBody
	chunkedBody
	untilClose // of a response: ends with the connection
)

// body observes the bytes that follow a head.
type body struct {
	kind   bodyKind
	left   int64 // of a sizedBody
	chunks chunks
}

// observe reads on in p and returns how many of its bytes belong to the body.
// certain means that the body ends there; opaque, that its framing is broken
// at that point.
func (b *body) observe(p []byte) (int, verdict) {
	switch b.kind {
	case noBody:
		return 0, certain
	case sizedBody:
		n := min(int64(len(p)), b.left)
		b.left -= n
		if b.left == 0 {
			return int(n), certain
		}
		return int(n), more
	case chunkedBody:
		return b.chunks.observe(p)
	case untilClose:
		return len(p), more
	}
	panic("unreachable")
}

// ahead returns how many of the coming bytes are surely the body's, so that
// they may pass unobserved.
func (b *body) ahead() int64 {
	switch b.kind {
	case sizedBody:
		return b.left
	case chunkedBody:
		return b.chunks.left
	case untilClose:
		return math.MaxInt64
	case noBody:
	}
	return 0
}

// skip says that n bytes, fewer than ahead returned, have passed.
func (b *body) skip(n int64) {
	switch b.kind {
	case sizedBody:
		b.left -= n
	case chunkedBody:
		b.chunks.skip(n)
	case noBody, untilClose:
	}
}
