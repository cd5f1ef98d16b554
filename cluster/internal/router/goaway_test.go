package router

import (
	"bytes"
	"io"
	"net/netip"
	"slices"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
)

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
	var frame bytes.Buffer
	server.must(xhttp2.NewFramer(&frame, nil).WriteData(1, false, payload))
	sent := 0
	for full := false; !full; { // until nobody on the way takes any more
		_ = server.tcp.SetWriteDeadline(time.Now().Add(100 * time.Millisecond))
		n, _ := server.tcp.Write(frame.Bytes()[sent%frame.Len():])
		sent, full = sent+n, n == 0
	}
	r.Shift([]*Backend{in}, []*Backend{out})
	if got := served(t, r.ports[0].Addr()); got != "two" {
		t.Errorf("a new client is answered by %s", got)
	}
	_ = server.tcp.SetWriteDeadline(time.Now().Add(patienceLimit))
	written := make(chan error, 1)
	go func() { // what is left of a frame, and another
		_, err := server.tcp.Write(slices.Concat(frame.Bytes()[sent%frame.Len():], frame.Bytes()))
		written <- err
	}()
	client.want(xhttp2.FrameSettings)
	client.want(xhttp2.FrameHeaders)
	told, left := 0, sent/frame.Len()+2
	for left > 0 || told == 0 {
		f, err := client.ReadFrame()
		client.must(err)
		switch f := f.(type) {
		case *xhttp2.GoAwayFrame:
			told++
		case *xhttp2.DataFrame:
			left--
			if !bytes.Equal(f.Data(), payload) {
				t.Fatalf("a frame with %d other bytes", len(f.Data()))
			}
		default:
			t.Fatalf("got %v", f)
		}
	}
	server.must(<-written)
	if told != 1 || left != 0 {
		t.Errorf("told %d times, %d frames left", told, left)
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

// TestShiftCrossesRequest: a client that was idle when it is told may have sent its
// next request before it has read that.
func TestShiftCrossesRequest(t *testing.T) {
	departNever(t)
	r, client, server, out, in := h2Pair(t)
	server.must(server.WriteSettings())
	client.want(xhttp2.FrameSettings)
	r.Shift([]*Backend{in}, []*Backend{out})
	client.sentAway(maxStream)
	client.asks(1)
	server.want(xhttp2.FrameHeaders)
	server.answers(1, true)
	client.want(xhttp2.FrameHeaders)
}

// nextLook waits until the router has looked at its one connection again.
func nextLook(t *testing.T, r *Router) {
	t.Helper()
	states := func() (sum uint64) {
		r.conns.each(func(c *conn) { sum += c.slot.state.Load() })
		return sum
	}
	before := states()
	eventually(t, "the router looks at the connection", func() bool { return states() != before })
}

// TestDrainLetsBodyFinish: a server may have answered before the client has sent all.
func TestDrainLetsBodyFinish(t *testing.T) {
	r, client, server, out, _ := h2Pair(t)
	server.must(server.WriteSettings())
	client.want(xhttp2.FrameSettings)
	client.must(client.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: 1, BlockFragment: []byte{0x83, 0x84, 0x86}, EndHeaders: true}))
	server.want(xhttp2.FrameHeaders)
	server.answers(1, true)
	client.want(xhttp2.FrameHeaders)
	out.Drain()
	client.sentAway(maxStream)
	nextLook(t, r)
	client.must(client.WriteData(1, true, []byte("end")))
	server.want(xhttp2.FrameData)
	client.sentAway(1)
	client.isOver()
	server.isOver()
}

// TestDrainLetsPushFinish: what a server has promised is under way as well.
func TestDrainLetsPushFinish(t *testing.T) {
	r, client, server, out, _ := h2Pair(t)
	server.must(server.WriteSettings())
	client.want(xhttp2.FrameSettings)
	client.asks(1)
	server.want(xhttp2.FrameHeaders)
	for _, p := range []xhttp2.PushPromiseParam{{PromiseID: 2}, {PromiseID: 4, PadLength: 3}} {
		p.StreamID, p.BlockFragment, p.EndHeaders = 1, []byte{0x82, 0x84, 0x86}, true
		server.must(server.WritePushPromise(p))
		client.want(xhttp2.FramePushPromise)
	}
	server.answers(1, true)
	client.want(xhttp2.FrameHeaders)
	out.Drain()
	client.sentAway(maxStream)
	client.must(client.WriteRSTStream(4, xhttp2.ErrCodeRefusedStream))
	server.want(xhttp2.FrameRSTStream)
	nextLook(t, r)
	server.answers(2, false)
	client.want(xhttp2.FrameHeaders)
	server.must(server.WriteData(2, true, []byte("end")))
	client.want(xhttp2.FrameData)
	client.sentAway(1)
	client.isOver()
}
