package router

import (
	"bytes"
	"io"
	"testing"

	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// script writes both directions of an HTTP/2 connection.
type script struct {
	t        testing.TB
	in, out  bytes.Buffer
	client   *xhttp2.Framer
	server   *xhttp2.Framer
	encoded  bytes.Buffer
	encoder  *hpack.Encoder
	streamID uint32
}

func newScript(tb testing.TB) *script {
	tb.Helper()
	s := &script{t: tb}
	s.in.WriteString(http2Preface)
	s.client, s.server = xhttp2.NewFramer(&s.in, nil), xhttp2.NewFramer(&s.out, nil)
	s.encoder = hpack.NewEncoder(&s.encoded)
	s.must(s.client.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingHeaderTableSize, Val: 1 << 16}))
	s.encoder.SetMaxDynamicTableSizeLimit(1 << 16)
	s.encoder.SetMaxDynamicTableSize(1 << 16)
	s.must(s.server.WriteSettings())
	s.must(s.server.WriteSettingsAck())
	s.must(s.client.WriteWindowUpdate(0, 1<<20))
	return s
}

func (s *script) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// ask begins a request.
func (s *script) ask() uint32 {
	s.streamID += 2
	s.must(s.client.WriteHeaders(xhttp2.HeadersFrameParam{
		StreamID: s.streamID - 1, BlockFragment: []byte{0x82}, EndHeaders: true, EndStream: true,
	}))
	return s.streamID - 1
}

// fields encodes a header block.
func (s *script) fields(status string) []byte {
	s.encoded.Reset()
	if status != "" {
		s.must(s.encoder.WriteField(hpack.HeaderField{Name: ":status", Value: status}))
	}
	s.must(s.encoder.WriteField(hpack.HeaderField{Name: "x-field", Value: "some value that goes into the table"}))
	return bytes.Clone(s.encoded.Bytes())
}

// answer writes a header block for a stream.
func (s *script) answer(id uint32, status string, end bool) {
	s.must(s.server.WriteHeaders(xhttp2.HeadersFrameParam{
		StreamID: id, BlockFragment: s.fields(status), EndHeaders: true, EndStream: end,
	}))
}

func TestHTTP2Counting(t *testing.T) {
	for _, tt := range []struct {
		name            string
		write           func(s *script)
		status          [6]uint64
		failed, aborted uint64
		streams         int64
	}{
		{name: "no body", write: func(s *script) { s.answer(s.ask(), "204", true) }, status: [6]uint64{2: 1}},
		{name: "body", write: func(s *script) {
			id := s.ask()
			s.answer(id, "200", false)
			s.must(s.server.WriteData(id, false, make([]byte, 10_000)))
			s.must(s.server.WriteDataPadded(id, true, []byte("end"), make([]byte, 5)))
		}, status: [6]uint64{2: 1}},
		{name: "trailers", write: func(s *script) {
			id := s.ask()
			s.answer(id, "200", false)
			s.must(s.server.WriteData(id, false, []byte("x")))
			s.answer(id, "", true)
		}, status: [6]uint64{2: 1}},
		{name: "interim", write: func(s *script) {
			id := s.ask()
			s.answer(id, "103", false)
			s.answer(id, "404", true)
		}, status: [6]uint64{4: 1}},
		{name: "interleaved", write: func(s *script) {
			a, b := s.ask(), s.ask()
			s.answer(b, "200", false)
			s.answer(a, "500", true)
			s.must(s.server.WriteData(b, true, nil))
		}, status: [6]uint64{2: 1, 5: 1}},
		{name: "continued, padded, with priority", write: func(s *script) {
			block := s.fields("301")
			id := s.ask()
			s.must(s.server.WriteHeaders(xhttp2.HeadersFrameParam{
				StreamID: id, BlockFragment: block[:1], EndStream: true, PadLength: 7,
				Priority: xhttp2.PriorityParam{StreamDep: 1, Weight: 3},
			}))
			s.must(s.server.WriteContinuation(id, false, block[1:2]))
			s.must(s.server.WriteContinuation(id, true, block[2:]))
			s.answer(s.ask(), "200", true)
		}, status: [6]uint64{2: 1, 3: 1}},
		{name: "push", write: func(s *script) {
			id := s.ask()
			s.must(s.server.WritePushPromise(xhttp2.PushPromiseParam{
				StreamID: id, PromiseID: 2, BlockFragment: s.fields(""), EndHeaders: true,
			}))
			s.answer(id, "200", true)
			s.answer(2, "200", true)
		}, status: [6]uint64{2: 1}},
		{name: "reset by the server", write: func(s *script) {
			s.must(s.server.WriteRSTStream(s.ask(), xhttp2.ErrCodeInternal))
		}, failed: 1},
		{name: "reset by the client", write: func(s *script) {
			s.must(s.client.WriteRSTStream(s.ask(), xhttp2.ErrCodeCancel))
		}, aborted: 1},
		{name: "under way", write: func(s *script) { s.ask() }, streams: 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := newScript(t)
			tt.write(s)
			for size := range 40 {
				b := New(Options{}).NewBackend(1)
				b.r.Close()
				h := newHTTP2(b, s.in.Bytes())
				observeBoth(h, s, size+1)
				n := readings{}
				n.add(&b.counters)
				if h.lost || n.status != tt.status || n.failed != tt.failed || n.aborted != tt.aborted || b.streams.Load() != tt.streams {
					t.Fatalf("in pieces of %d: lost %v, %v, %d failed, %d aborted, %d under way",
						size+1, h.lost, n.status, n.failed, n.aborted, b.streams.Load())
				}
				h.end(CutShort)
				if b.streams.Load() != 0 {
					t.Errorf("%d under way after the end", b.streams.Load())
				}
			}
		})
	}
}

// TestLateTrailers come after the answer to their request. They are no other one.
func TestLateTrailers(t *testing.T) {
	b := New(Options{}).NewBackend(1)
	b.r.Close()
	s := newScript(t)
	id := s.ask()
	s.answer(id, "413", true)
	h := newHTTP2(b, s.in.Bytes())
	observeBoth(h, s, s.in.Len()+s.out.Len())
	s.in.Reset()
	s.must(s.client.WriteHeaders(xhttp2.HeadersFrameParam{
		StreamID: id, BlockFragment: []byte{0x82}, EndHeaders: true, EndStream: true,
	}))
	h.client(s.in.Bytes())
	if n := b.streams.Load(); n != 0 || h.lost {
		t.Errorf("%d under way, lost %v", n, h.lost)
	}
	h.end(CutShort)
	if got := b.Stats(); got.Requests != 1 || got.Errors != 0 || got.Status[4] != 1 {
		t.Errorf("stats %+v", got)
	}
}

// observeBoth shows both directions in pieces, the client's first.
func observeBoth(h *http2, s *script, size int) {
	for b := s.in.Bytes(); len(b) > 0; b = b[min(size, len(b)):] {
		h.client(b[:min(size, len(b))])
	}
	for b := s.out.Bytes(); len(b) > 0; b = b[min(size, len(b)):] {
		h.server(b[:min(size, len(b))])
	}
}

// TestHTTP2LosesItsPlace shows what cannot be: counting ends, nothing else.
func TestHTTP2LosesItsPlace(t *testing.T) {
	settings := string([]byte{0, 0, 0, frameSettings, 0, 0, 0, 0, 0})
	for name, answer := range map[string]string{
		"fields that cannot be decoded": settings + string([]byte{0, 0, 1, frameHeaders, flagEndHeaders, 0, 0, 0, 1, 0xff}),
		"another protocol":              "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			b := New(Options{}).NewBackend(1)
			b.r.Close()
			s := newScript(t)
			s.ask()
			h := newHTTP2(b, s.in.Bytes())
			h.client(s.in.Bytes())
			h.server([]byte(answer))
			if got := b.Stats(); got.Uncounted != 1 || got.InFlight != 0 || got.Requests != 0 {
				t.Errorf("stats %+v", got)
			}
			h.server(s.out.Bytes())
			h.end(CutShort)
			if got := b.Stats(); got.Uncounted != 1 || got.Requests != 0 {
				t.Errorf("stats %+v", got)
			}
		})
	}
}

// FuzzHTTP2 shows anything: the observer must neither fail nor count below zero.
func FuzzHTTP2(f *testing.F) {
	s := newScript(f)
	s.answer(s.ask(), "200", true)
	f.Add(s.in.Bytes(), s.out.Bytes())
	r := New(Options{})
	r.Close()
	f.Fuzz(func(t *testing.T, in, out []byte) {
		b := &Backend{r: r}
		h := newHTTP2(b, []byte(http2FirstLine))
		h.client(in)
		h.server(out)
		h.end(CutShort)
		if b.streams.Load() != 0 {
			t.Errorf("%d under way after the end", b.streams.Load())
		}
	})
}

// TestBackendResetsHTTP2: what is under way then is lost, and not by the client.
func TestBackendResetsHTTP2(t *testing.T) {
	r, p := newRouter(t, Options{})
	s := newScript(t)
	s.ask()
	asked := s.in.Bytes()
	reset := make(chan struct{})
	w := newWorker(t, func(_ *worker, c sock) {
		if _, err := io.ReadFull(c, make([]byte, len(asked))); err != nil {
			t.Error(err)
		}
		<-reset
		c.abort()
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	_, _ = c.Write(asked)
	eventually(t, "a stream is open", func() bool { return b.streams.Load() == 1 })
	close(reset)
	eventually(t, "it is over", func() bool { return b.streams.Load() == 0 })
	if aborted, failed := b.aborted.Load(), b.failed.Load(); aborted != 0 || failed != 1 {
		t.Errorf("%d are said to be the client's, %d lost", aborted, failed)
	}
}
