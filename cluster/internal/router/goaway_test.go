package router

import (
	"bytes"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

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
		if err == io.EOF {
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

// h2Peer is one end of an HTTP/2 connection in the hands of a test.
type h2Peer struct {
	*xhttp2.Framer
	wire
	t *testing.T
}

func newPeer(t *testing.T, conn net.Conn) *h2Peer {
	t.Helper()
	p := &h2Peer{Framer: xhttp2.NewFramer(conn, conn), t: t}
	if err := p.init(conn.(*net.TCPConn)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(patienceLimit))
	return p
}

// h2Pair returns both ends of a tunnel through a router, its backend, and another
// backend that is not ready.
func h2Pair(t *testing.T) (r *Router, client, server *h2Peer, out, in *Backend) {
	t.Helper()
	r, p := newRouter(t, Options{})
	ln := listen(t)
	out = backend(r, p, 1, addrOf(ln))
	in = r.NewBackend(2)
	in.Bind(p, serveH2C(t, "two"))
	conn, err := net.Dial("tcp", p.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	client = newPeer(t, conn)
	client.must(client.preface())
	accepted, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	server = newPeer(t, accepted)
	if _, err := io.ReadFull(accepted, make([]byte, len(http2Preface))); err != nil {
		t.Fatal(err)
	}
	server.want(xhttp2.FrameSettings)
	return r, client, server, out, in
}

func (p *h2Peer) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *h2Peer) preface() error {
	if _, err := io.WriteString(p.tcp, http2Preface); err != nil {
		return err
	}
	return p.WriteSettings()
}

// want reads a frame that is to be of a type.
func (p *h2Peer) want(kind xhttp2.FrameType) xhttp2.Frame {
	p.t.Helper()
	f, err := p.ReadFrame()
	if err != nil || f.Header().Type != kind {
		p.t.Fatalf("got %v, %v, want %v", f, err, kind)
	}
	return f
}

// sentAway reads a GOAWAY that is to name a stream.
func (p *h2Peer) sentAway(last uint32) {
	p.t.Helper()
	if g := p.want(xhttp2.FrameGoAway).(*xhttp2.GoAwayFrame); g.LastStreamID != last || g.ErrCode != xhttp2.ErrCodeNo {
		p.t.Errorf("told %v, want no error after stream %d", g, last)
	}
}

// here wants something to have arrived already.
func (p *h2Peer) here() {
	p.t.Helper()
	if queued(&p.wire) == 0 {
		p.t.Error("nothing has arrived yet")
	}
}

// asks sends a request.
func (p *h2Peer) asks(id uint32) {
	p.t.Helper()
	p.must(p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: id, BlockFragment: []byte{0x82, 0x84, 0x86}, EndHeaders: true, EndStream: true}))
}

// answers begins a response with status 200.
func (p *h2Peer) answers(id uint32, end bool) {
	p.t.Helper()
	p.must(p.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: id, BlockFragment: []byte{0x88}, EndHeaders: true, EndStream: end}))
}

// served says who answers a new client.
func served(t *testing.T, addr netip.AddrPort) string {
	t.Helper()
	c := h2cClient(t)
	got, err := askH2C(c, addr)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// TestShiftTellsQuietClient finds the frame there as soon as the shift is over. What
// the client asks for all the same is served where it was.
func TestShiftTellsQuietClient(t *testing.T) {
	r, client, server, out, in := h2Pair(t)
	server.must(server.WriteSettings())
	client.want(xhttp2.FrameSettings)
	client.asks(1)
	server.want(xhttp2.FrameHeaders)
	r.awayLimit = patienceLimit
	r.Shift([]*Backend{in}, []*Backend{out})
	client.here()
	client.sentAway(maxStream)
	client.asks(3)
	server.want(xhttp2.FrameHeaders)
	for _, id := range []uint32{3, 1} {
		server.answers(id, true)
		client.want(xhttp2.FrameHeaders)
	}
	if got := served(t, r.ports[0].Addr()); got != "two" {
		t.Errorf("a new client is answered by %s", got)
	}
	client.sentAway(3)
	client.isOver()
	server.isOver()
	if s := out.Stats(); s.Tunnels != 0 || s.Status[2] != 2 {
		t.Errorf("stats %+v", s)
	}
}

// isOver wants the end of a connection.
func (p *h2Peer) isOver() {
	p.t.Helper()
	if f, err := p.ReadFrame(); err != io.EOF {
		p.t.Errorf("got %v, %v, want the end", f, err)
	}
}

// TestShiftBeforeSettings tells the client once the server has sent its own.
func TestShiftBeforeSettings(t *testing.T) {
	r, client, server, out, in := h2Pair(t)
	r.Shift([]*Backend{in}, []*Backend{out})
	if got := served(t, r.ports[0].Addr()); got != "two" {
		t.Errorf("a new client is answered by %s", got)
	}
	client.asks(1)
	server.must(server.WriteSettings())
	server.want(xhttp2.FrameHeaders)
	server.answers(1, true)
	client.want(xhttp2.FrameSettings)
	client.sentAway(maxStream)
	client.want(xhttp2.FrameHeaders)
}

// TestShiftWithinFrame tells the client after the frame that has begun.
func TestShiftWithinFrame(t *testing.T) {
	r, client, server, out, in := h2Pair(t)
	server.must(server.WriteSettings())
	client.asks(1)
	server.want(xhttp2.FrameHeaders)
	server.answers(1, false)
	_, err := server.tcp.Write([]byte("\x00\x00\x04\x00\x00\x00\x00\x00\x01da"))
	server.must(err)
	client.want(xhttp2.FrameSettings)
	client.want(xhttp2.FrameHeaders)
	head := make([]byte, frameHeadSize+2)
	_, err = io.ReadFull(client.tcp, head)
	client.must(err)
	r.Shift([]*Backend{in}, []*Backend{out})
	if got := served(t, r.ports[0].Addr()); got != "two" {
		t.Errorf("a new client is answered by %s", got)
	}
	_, err = io.WriteString(server.tcp, "ta")
	server.must(err)
	server.must(server.WriteData(1, true, []byte("end")))
	rest := make([]byte, 2)
	if _, err := io.ReadFull(client.tcp, rest); err != nil || string(head[frameHeadSize:])+string(rest) != "data" {
		t.Errorf("got %q and %q, %v", head, rest, err)
	}
	client.sentAway(maxStream)
	if d := client.want(xhttp2.FrameData).(*xhttp2.DataFrame); string(d.Data()) != "end" {
		t.Errorf("then comes %q", d.Data())
	}
}

// TestShiftPastClientThatDoesNotRead neither waits for it nor loses a byte of what
// it has not read. Told later, it is told between two frames.
func TestShiftPastClientThatDoesNotRead(t *testing.T) {
	r, client, server, out, in := h2Pair(t)
	server.must(server.WriteSettings())
	client.asks(1)
	server.want(xhttp2.FrameHeaders)
	server.answers(1, false)
	payload := bytes.Repeat([]byte("0123456789abcdef"), 1000)
	sent := 0
	for { // until nobody on the way takes any more
		_ = server.tcp.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		if err := server.WriteData(1, false, payload); err != nil {
			break
		}
		sent++
	}
	r.Shift([]*Backend{in}, []*Backend{out})
	if got := served(t, r.ports[0].Addr()); got != "two" {
		t.Errorf("a new client is answered by %s", got)
	}
	client.want(xhttp2.FrameSettings)
	client.want(xhttp2.FrameHeaders)
	told := 0
	for sent > 0 || told == 0 {
		f, err := client.ReadFrame()
		client.must(err)
		switch f := f.(type) {
		case *xhttp2.GoAwayFrame:
			told++
		case *xhttp2.DataFrame:
			sent--
			if !bytes.Equal(f.Data(), payload) {
				t.Fatalf("a frame with %d other bytes", len(f.Data()))
			}
		default:
			t.Fatalf("got %v", f)
		}
	}
	if told != 1 || sent != 0 {
		t.Errorf("told %d times, %d frames left", told, sent)
	}
}

// TestDrainMovesHTTP2 ends when nothing is under way, whatever the client does.
func TestDrainMovesHTTP2(t *testing.T) {
	_, client, server, out, _ := h2Pair(t)
	server.must(server.WriteSettings())
	client.want(xhttp2.FrameSettings)
	client.asks(1)
	server.want(xhttp2.FrameHeaders)
	drained := out.Drain()
	client.sentAway(maxStream)
	server.answers(1, false)
	client.want(xhttp2.FrameHeaders)
	select {
	case <-drained:
		t.Error("drained with a stream that is open")
	default:
	}
	server.must(server.WriteData(1, true, []byte("end")))
	client.want(xhttp2.FrameData)
	client.sentAway(1)
	client.isOver()
	server.isOver()
	<-drained
}
