package router

import (
	"bytes"
	"errors"
	"io"
	"testing"

	xhttp2 "golang.org/x/net/http2"
)

// TestGoAwayPlace has a client sent away after every byte of what a server says,
// with the rest in pieces of every size: the frame stands where one may, and
// everything else is as it was.
func TestGoAwayPlace(t *testing.T) {
	s := newScript(t)
	a, b := s.ask(), s.ask()
	block := s.fields("200")
	s.must(s.server.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: a, BlockFragment: block[:1]}))
	s.must(s.server.WriteContinuation(a, false, block[1:2]))
	s.must(s.server.WriteContinuation(a, true, block[2:]))
	s.must(s.server.WriteData(a, false, []byte("some bytes")))
	s.must(s.server.WriteData(a, false, nil))
	s.must(s.server.WritePing(false, [8]byte{1}))
	s.answer(b, "204", true)
	s.must(s.server.WriteWindowUpdate(0, 5))
	s.must(s.server.WriteData(a, true, []byte("the end")))
	said := s.out.Bytes()
	frame := goAwayFrame(maxStream)
	for cut := range len(said) + 1 {
		for size := 1; size <= len(said)-cut+1; size++ {
			h := observer(t, s)
			got := carried(h, said[:cut], len(said))
			h.sendAway()
			got = append(got, carried(h, said[cut:], size)...)
			at := bytes.Index(got, frame)
			if at < cut || !bytes.Equal(append(bytes.Clone(got[:max(at, 0)]), got[max(at, 0)+len(frame):]...), said) {
				t.Fatalf("sent away after %d bytes, then pieces of %d: at %d of %q", cut, size, at, got)
			}
			mayStand(t, got, cut)
		}
	}
}

// observer returns one that has seen all of the client.
func observer(t *testing.T, s *script) *http2 {
	t.Helper()
	b := New(Options{}).NewBackend(1)
	b.r.Close()
	h := newHTTP2(b, s.in.Bytes())
	h.client(s.in.Bytes())
	return h
}

// carried returns what the client gets of b, which comes in pieces.
func carried(h *http2, b []byte, size int) (got []byte) {
	if h.isDue() {
		got = append(got, goAwayFrame(maxStream)...)
		h.told()
	}
	for len(b) > 0 {
		piece := b[:min(size, len(b))]
		b = b[len(piece):]
		for {
			n, due := h.server(piece)
			got = append(got, piece[:n]...)
			if piece = piece[n:]; !due {
				break
			}
			got = append(got, goAwayFrame(maxStream)...)
			h.told()
		}
	}
	return got
}

// mayStand reads frames as a strict client does. The first whole one that ends at
// or after cut, or a header block that it is a part of, is what a GOAWAY follows.
func mayStand(t *testing.T, b []byte, cut int) {
	t.Helper()
	in := bytes.NewReader(b)
	fr := xhttp2.NewFramer(io.Discard, in)
	var seen []xhttp2.FrameType
	for {
		f, err := fr.ReadFrame() // it refuses frames within a header block
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("cut at %d: after %v: %v", cut, seen, err)
		}
		seen = append(seen, f.Header().Type)
		if g, ok := f.(*xhttp2.GoAwayFrame); ok && (g.LastStreamID != maxStream || g.ErrCode != xhttp2.ErrCodeNo || g.StreamID != 0) {
			t.Errorf("the client is told %v", g)
		}
	}
	if seen[0] != xhttp2.FrameSettings {
		t.Errorf("cut at %d: the first frame is %v", cut, seen[0])
	}
}

// TestGoAwayNowhere shows servers after which the client is not told: the observer
// is not certain of its place, or the server has told it.
func TestGoAwayNowhere(t *testing.T) {
	s := newScript(t)
	id := s.ask()
	good := bytes.Clone(s.out.Bytes())
	own := newScript(t)
	own.must(own.server.WriteGoAway(id, xhttp2.ErrCodeNo, nil))
	own.answer(id, "200", true)
	for name, said := range map[string][]byte{
		"no HTTP/2":                []byte("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
		"first an acknowledgement": good[frameHeadSize:],
		"bad block":                append(bytes.Clone(good), 0, 0, 1, frameHeaders, flagEndHeaders, 0, 0, 0, 1, 0xff),
		"a block that goes on after none": append(bytes.Clone(good),
			0, 0, 0, frameContinuation, flagEndHeaders, 0, 0, 0, 1),
		"a block that is interrupted": append(bytes.Clone(good),
			0, 0, 0, frameHeaders, 0, 0, 0, 0, 1, 0, 0, 0, frameData, 0, 0, 0, 0, 1),
		"its own GOAWAY": own.out.Bytes(),
	} {
		for size := 1; size <= len(said); size++ {
			h := observer(t, s)
			got := carried(h, said, size)
			if h.sendAway() != nil {
				t.Errorf("%s: it would be waited for", name)
			}
			got = append(got, carried(h, good, size)...)
			if want := append(bytes.Clone(said), good...); !bytes.Equal(got, want) {
				t.Fatalf("%s, in pieces of %d: got %q", name, size, got)
			}
		}
	}
	h := observer(t, s)
	h.client([]byte{0xff, 0xff, 0xff, frameHeaders, 0, 0, 0, 0, 9})
	if h.sendAway() != nil || !bytes.Equal(carried(h, good, 5), good) {
		t.Error("told although the client is not understood")
	}
	bad := newHTTP2(h.b, []byte(http2FirstLine))
	bad.client([]byte(http2FirstLine + "\r\nXX\r\n\r\n"))
	if bad.sendAway() != nil || !bytes.Equal(carried(bad, good, 5), good) {
		t.Error("told although the client's preface is none")
	}
}
