package router

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	xhttp2 "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// TestHTTP2Feed asks twice for the same path, the second time by its place in the
// table that the server has enlarged, and looks at what is noted.
func TestHTTP2Feed(t *testing.T) {
	s := newScript(t)
	s.must(s.server.WriteSettings(xhttp2.Setting{ID: xhttp2.SettingHeaderTableSize, Val: 1 << 16}))
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	encoder.SetMaxDynamicTableSizeLimit(1 << 16)
	encoder.SetMaxDynamicTableSize(1 << 16)
	ask := func(id uint32, end bool) []byte {
		block.Reset()
		for _, f := range []hpack.HeaderField{{Name: ":method", Value: "POST"}, {Name: ":path", Value: "/rpc/Echo?x"}} {
			s.must(encoder.WriteField(f))
		}
		fields := bytes.Clone(block.Bytes())
		s.must(s.client.WriteHeaders(xhttp2.HeadersFrameParam{StreamID: id, BlockFragment: fields[:1], EndStream: end}))
		s.must(s.client.WriteContinuation(id, true, fields[1:]))
		return fields
	}
	first := ask(1, false)
	s.must(s.client.WriteData(1, true, make([]byte, 1000)))
	second := ask(3, true)
	if len(second) >= len(first) {
		t.Fatal("the encoder does not use its table")
	}
	s.answer(1, "204", true)
	s.answer(3, "200", false)
	s.must(s.server.WriteData(3, false, make([]byte, 500)))
	s.must(s.server.WriteRSTStream(3, xhttp2.ErrCodeInternal))
	want := []Request{
		{Method: "POST", Path: "/rpc/Echo?x", Status: 204, BytesIn: int64(3*frameHeadSize + len(first) + 1000), Worker: 5},
		{Method: "POST", Path: "/rpc/Echo?x", Status: 200, BytesIn: int64(2*frameHeadSize + len(second)), Worker: 5, Fault: CutShort},
	}
	for size := range 40 {
		r := New(Options{})
		r.Close()
		h := newHTTP2(r.NewBackend(5), s.in.Bytes())
		// The server's settings come first: what the client sends relies on them.
		settings := 2*frameHeadSize + 6 + frameHeadSize
		h.server(s.out.Bytes()[:settings])
		out := s.out
		s.out = *bytes.NewBuffer(s.out.Bytes()[settings:])
		observeBoth(h, s, size+1)
		s.out = out
		got := r.Recent().Requests
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Request{}, "Time", "Took", "BytesOut")); diff != "" {
			t.Fatalf("in pieces of %d: %s", size+1, diff)
		}
		if got[0].BytesOut <= frameHeadSize || got[1].BytesOut <= 500 {
			t.Errorf("in pieces of %d: %d and %d bytes out", size+1, got[0].BytesOut, got[1].BytesOut)
		}
	}
}
