package router

import "bytes"

// chunks observes the chunked coding (RFC 9112, section 7.1): extensions and
// trailer fields pass unread, but every line must end in CRLF.
type chunks struct {
	state chunkState
	left  int64 // bytes to come of the chunk's data
	size  int64 // of the chunk whose size line is being read
}

type chunkState int8

const (
	chunkSize      chunkState = iota // before the first digit of a size
	chunkDigits                      // after one
	chunkExtension                   // up to the CR
	chunkSizeLF
	chunkData
	chunkDataCR
	chunkDataLF
	trailerStart // at the start of a line of the trailer section
	trailerLine  // within one
	trailerLineLF
	trailerEndLF
)

// maxChunk bounds a chunk's size so that no reader's integer overflows.
const maxChunk = 1 << 50

// observe has the meaning of body.observe.
func (c *chunks) observe(p []byte) (int, verdict) {
	i := 0
	for i < len(p) {
		switch c.state {
		case chunkData:
			n := min(int64(len(p)-i), c.left)
			c.skip(n)
			i += int(n)
			continue
		case chunkExtension, trailerLine:
			i += plainRun(p[i:])
			if i == len(p) {
				return i, more
			}
		default:
		}
		if !c.step(p[i]) {
			return i, opaque
		}
		i++
		if c.state == chunkSize && c.size < 0 {
			c.size = 0
			return i, certain
		}
	}
	return i, more
}

// skip says that n bytes of the chunk's data have passed.
func (c *chunks) skip(n int64) {
	if c.left -= n; c.left == 0 {
		c.state = chunkDataCR
	}
}

// plainRun returns how many bytes come before the first CR or LF.
func plainRun(p []byte) int {
	if i := bytes.IndexByte(p, '\r'); i >= 0 {
		p = p[:i]
	}
	if i := bytes.IndexByte(p, '\n'); i >= 0 {
		p = p[:i]
	}
	return len(p)
}

// step takes one byte outside of data and reports whether it fits. After the
// last byte of the body the state is chunkSize with a negative size.
func (c *chunks) step(b byte) bool {
	switch c.state {
	case chunkSize, chunkDigits:
		return c.digit(b)
	case chunkExtension:
		return c.expect(b, '\r', chunkSizeLF)
	case chunkSizeLF:
		next := trailerStart
		if c.size > 0 {
			next = chunkData
		}
		c.left, c.size = c.size, 0
		return c.expect(b, '\n', next)
	case chunkDataCR:
		return c.expect(b, '\r', chunkDataLF)
	case chunkDataLF:
		return c.expect(b, '\n', chunkSize)
	case trailerStart:
		if b == '\r' {
			c.state = trailerEndLF
			return true
		}
		c.state = trailerLine
		return b != '\n'
	case trailerLine:
		return c.expect(b, '\r', trailerLineLF)
	case trailerLineLF:
		return c.expect(b, '\n', trailerStart)
	case trailerEndLF:
		c.size = -1
		return c.expect(b, '\n', chunkSize)
	case chunkData:
	}
	return false
}

func (c *chunks) expect(b, want byte, next chunkState) bool {
	c.state = next
	return b == want
}

// digit takes a byte of a size line up to its extension or its end.
func (c *chunks) digit(b byte) bool {
	var d byte
	switch {
	case '0' <= b && b <= '9':
		d = b - '0'
	case 'a' <= b && b <= 'f':
		d = b - 'a' + 10
	case 'A' <= b && b <= 'F':
		d = b - 'A' + 10
	case c.state == chunkSize:
		return false
	case b == '\r':
		c.state = chunkSizeLF
		return true
	default:
		// White space before the semicolon is bad form that servers read
		// in different ways.
		c.state = chunkExtension
		return b == ';'
	}
	c.state = chunkDigits
	c.size = c.size<<4 | int64(d)
	return c.size <= maxChunk
}
