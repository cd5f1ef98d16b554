package router

import (
	"fmt"
	"io"
	"strings"
	"testing"

	xhttp2 "golang.org/x/net/http2"
)

// TestServerGreetsFirst: a server of HTTP/2 may send its settings at once, to a client
// that takes its time. Its requests are counted, and it is told to go elsewhere.
func TestServerGreetsFirst(t *testing.T) {
	r, client, server, out, in := greetedPair(t)
	client.must(client.preface())
	if _, err := io.ReadFull(server.tcp, make([]byte, len(http2Preface))); err != nil {
		t.Fatal(err)
	}
	server.want(xhttp2.FrameSettings)
	client.asks(1)
	server.want(xhttp2.FrameHeaders)
	if s := out.Stats(); s.InFlight != 1 {
		t.Errorf("stats %+v, want a request", s)
	}
	r.Shift([]*Backend{in}, []*Backend{out})
	client.sentAway(maxStream)
	server.answers(1, true)
	client.want(xhttp2.FrameHeaders)
	client.sentAway(1)
	client.isOver()
	server.isOver()
}

// TestGreetedClientIsSilent: one that never says anything is sent away all the same.
func TestGreetedClientIsSilent(t *testing.T) {
	r, client, server, out, in := greetedPair(t)
	r.Shift([]*Backend{in}, []*Backend{out})
	client.sentAway(maxStream)
	client.sentAway(0)
	client.isOver()
	server.isOver()
}

// TestGreets tells the settings of a server from what others say first.
func TestGreets(t *testing.T) {
	const settings = "\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"
	for said, want := range map[string]bool{
		settings: true,
		strings.Repeat("\x00", 3) + settings[3:9]: true,
		settings[:8]:                         false,
		"220 ready\r\n":                      false,
		"\x00\x00\x05" + settings[3:]:        false, // of no whole setting
		"\x00\x01\x00" + settings[3:]:        false, // more than is likely
		settings[:4] + "\x01" + settings[5:]: false, // an acknowledgement
		settings[:8] + "\x01" + settings[9:]: false, // of a stream
	} {
		if got := greets([]byte(said)); got != want {
			t.Errorf("%s: %v", fmt.Sprintf("%q", said), got)
		}
	}
}
