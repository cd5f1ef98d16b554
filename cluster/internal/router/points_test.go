package router

import (
	"fmt"
	"io"
	"testing"
)

// TestWorkerEndsAtEveryByte has the first worker end its connection after each
// number of bytes of its answer: an interim response and a final one.
func TestWorkerEndsAtEveryByte(t *testing.T) {
	const interim = "HTTP/1.1 103 Early Hints\r\n\r\n"
	const answer = interim + okResponse
	const begun = len(answer) - len("ok") // from here on the client has a response
	for _, tt := range []struct {
		name, request string
		again         bool
		end           func(c sock)
	}{
		{"GET, closed", getRequest, true, func(sock) {}},
		{"GET, reset", getRequest, true, sock.abort},
		{"POST, closed", postRequest, false, func(sock) {}},
		{"POST, reset", postRequest, false, sock.abort},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for at := range len(answer) {
				r, p := newRouter(t, Options{Policy: RoundRobin})
				bad := faulty(t, func(c sock) {
					fmt.Fprint(c, answer[:at])
					eventually(t, "the router reads it", func() bool { return unreadBytes(r) == 0 })
					tt.end(c)
				}, tt.request)
				backend(r, p, 1, addrOf(bad.ln))
				backend(r, p, 2, addrOf(healthy(t, tt.request).ln))
				c := dialRouter(t, p.Addr())
				fmt.Fprint(c, tt.request)
				failed := uint64(1)
				switch {
				case at >= begun:
					got, err := io.ReadAll(c)
					if string(got) != answer[:at] || err != nil && !isReset(err) {
						t.Fatalf("cut at %d: got %q, %v", at, got, err)
					}
				case at >= len(interim):
					expect(t, c, interim)
					expectStatus(t, c, "502 Bad Gateway")
				case tt.again:
					expect(t, c, okResponse)
					failed = 0
				default:
					expectStatus(t, c, "502 Bad Gateway")
				}
				if s := quietStats(t, r); s.Errors != failed || s.Requests != 1 || s.InFlight != 0 {
					t.Fatalf("cut at %d: stats %+v", at, s)
				}
			}
		})
	}
}
