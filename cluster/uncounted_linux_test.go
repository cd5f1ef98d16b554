package cluster

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// notHPACK is an HTTP/2 preface, no settings, and a header block that cannot be
// decoded.
const notHPACK = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\x00\x00\x00\x04\x00\x00\x00\x00\x00" +
	"\x00\x00\x05\x01\x04\x00\x00\x00\x01\xff\xff\xff\xff\xff"

// TestUncountedRequestsAreAdmitted speaks HTTP/2 that is not understood, and
// HTTP/1.1 to a program whose answers are none.
func TestUncountedRequestsAreAdmitted(t *testing.T) {
	for _, tt := range []struct {
		name, request string
		uncounted     uint64
		garbled       uint64
	}{
		{"HTTP/2 that is not understood", notHPACK, 1, 0},
		{"no HTTP", "GET / HTTP/1.1\r\n\r\n", 0, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			addr := freeAddr(t)
			l := startLive(t, Options{Command: program("greet", addr), Workers: 1})
			await[WorkerReady](l, 1)
			c, err := net.Dial("tcp", "127.0.0.1"+addr)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			_ = c.SetDeadline(time.Now().Add(deadline))
			if _, err := io.WriteString(c, tt.request); err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(c); string(got) != greeting {
				t.Errorf("the program's words arrive as %q (%v)", got, err)
			}
			if tt.uncounted > 0 {
				if w := await[Warning](l, 1)[0]; !strings.Contains(w.Text, "no longer counted") {
					t.Errorf("the warning is %q", w.Text)
				}
			}
			got := l.fresh().Workers[0].Traffic
			if got.Uncounted != tt.uncounted || got.Garbled != tt.garbled || got.Requests != tt.garbled {
				t.Errorf("counted %+v", got)
			}
		})
	}
}
