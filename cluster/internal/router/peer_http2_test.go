package router

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
)

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

// greetedPair is h2Pair with a client that lets the server speak first.
func greetedPair(t *testing.T) (r *Router, client, server *h2Peer, out, in *Backend) {
	t.Helper()
	impatiently(t)
	r, p := newRouter(t, Options{})
	ln := listen(t)
	out = backend(r, p, 1, addrOf(ln))
	in = r.NewBackend(2)
	in.Bind(p, serveH2C(t, "two"))
	client = newPeer(t, dialRouter(t, p.Addr()).Conn)
	accepted, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	server = newPeer(t, accepted)
	server.must(server.WriteSettings())
	client.want(xhttp2.FrameSettings)
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

// isOver wants the end of a connection.
func (p *h2Peer) isOver() {
	p.t.Helper()
	if f, err := p.ReadFrame(); !errors.Is(err, io.EOF) {
		p.t.Errorf("got %v, %v, want the end", f, err)
	}
}
