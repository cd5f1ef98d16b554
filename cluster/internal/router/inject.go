package router

import (
	"bytes"
	"fmt"
)

// injector passes a body on with a tag put at its end.
type injector struct {
	body
	tag   string
	zeros int // held back: the digits so far of a size line, all of them 0
}

// streamPage is stream for a page that gets a script.
func (c *conn) streamPage(up *upstream, b []byte, n int) outcome {
	in := injector{body: c.resp.body(c.req.method), tag: up.route.b.scriptTag()}
	out := in.head(b[:c.resp.size])
	out, used, v := in.pass(out, b[c.resp.size:n])
	used += c.resp.size
	for {
		if err := c.deliver(up, out); err != nil {
			return gone
		}
		switch v {
		case opaque:
			up.route.b.garbled.Add(1)
			c.note(c.resp.status, NotHTTP)
			return c.tunnel(up, b[used:n])
		case certain:
			c.x.unclean = used < n || c.early()
			return c.finish(up)
		case more:
		}
		var err error
		if n, err = c.await(up, b); err != nil {
			if in.kind != untilClose || !ended(err) {
				return c.failed(err)
			}
			if c.deliver(up, []byte(in.tag)) != nil {
				return gone
			}
			return answered
		}
		out, used, v = in.pass(out[:0], b[:n])
	}
}

// head returns the head of the response with the length that it will have.
func (in *injector) head(head []byte) []byte {
	out := make([]byte, 0, 2*bufferSize)
	if in.kind == sizedBody {
		return relength(out, head, in.left+int64(len(in.tag)))
	}
	return append(out, head...)
}

// pass appends to out what is to be sent for p, the next bytes of the body, and
// returns the rest as body.observe does.
func (in *injector) pass(out, p []byte) ([]byte, int, verdict) {
	if in.kind == chunkedBody {
		return in.passChunks(out, p)
	}
	n, v := in.observe(p)
	out = append(out, p[:n]...)
	if v == certain {
		out = append(out, in.tag...)
	}
	return out, n, v
}

// passChunks puts a chunk before the last one. Whether a size line is that of the
// last one shows at the first byte that is no zero: until then it is held back.
func (in *injector) passChunks(out, p []byte) ([]byte, int, verdict) {
	c := &in.chunks
	for i := 0; i < len(p); i++ {
		if n := c.run(p[i:]); n > 0 {
			out = append(out, p[i:i+n]...)
			i += n - 1
			continue
		}
		undecided := c.state == chunkSize || in.zeros > 0
		if !c.step(p[i]) {
			return in.release(out), i, opaque
		}
		switch {
		case undecided && p[i] == '0':
			in.zeros++
			continue
		case undecided && in.zeros > 0 && c.state != chunkDigits:
			out = fmt.Appendf(out, "%x\r\n%s\r\n", len(in.tag), in.tag)
		}
		out = append(in.release(out), p[i])
		if c.state == chunkSize && c.size < 0 {
			c.size = 0
			return out, i + 1, certain
		}
	}
	return out, len(p), more
}

// run passes bytes that are surely neither of a size line's figure nor of the end
// of anything, and returns how many.
func (c *chunks) run(p []byte) (n int) {
	switch c.state {
	case chunkData:
		n = int(min(int64(len(p)), c.left))
		c.skip(int64(n))
	case chunkExtension, trailerLine:
		n = plainRun(p)
	default:
	}
	return n
}

// release appends what was held back.
func (in *injector) release(out []byte) []byte {
	out = append(out, bytes.Repeat([]byte{'0'}, in.zeros)...)
	in.zeros = 0
	return out
}
