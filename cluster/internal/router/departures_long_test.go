package router

import (
	"fmt"
	"io"
	"math"
	"strings"
	"testing"
)

// TestClientLeavesLongResponse has a client leave in the middle of a response that is
// more than the sockets hold, after it has read some of it.
func TestClientLeavesLongResponse(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
	const size = 3 << 20
	body := strings.Repeat("0123456789abcdef", size/16)
	at := []int{0, 1}
	for _, n := range []int{bufferSize, bulkMin, 1 << 20} {
		at = append(at, n-1, n, n+1)
	}
	for _, how := range []manner{byReset, byEnd, byClose} {
		t.Run(string(how), func(t *testing.T) {
			announced := size
			if how != byEnd {
				announced = math.MaxInt32 // more than all the sockets hold
			}
			whole := fmt.Sprintf(head, announced) + body
			keepsNothing(t, func() {
				for _, n := range at {
					t.Run(fmt.Sprint(n), func(t *testing.T) { leaveLongResponse(t, whole, n, how) })
				}
			})
		})
	}
}

func leaveLongResponse(t *testing.T, whole string, n int, how manner) {
	t.Helper()
	r, p := newRouter(t, Options{})
	wrote := make(chan error, 1)
	w := newWorker(t, func(w *worker, c sock) {
		for {
			switch w.request(c, getRequest, witnessRequest) {
			case getRequest:
				_, err := io.WriteString(c, whole)
				for err == nil && how != byEnd {
					_, err = io.WriteString(c, whole)
				}
				wrote <- err
			case witnessRequest:
				fmt.Fprint(c, witnessResponse)
			default:
				return
			}
		}
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	mine := connectionOf(t, r, c)
	fmt.Fprint(c, getRequest)
	expect(t, c, whole[:n])
	eventually(t, "the response is on its way", func() bool { return b.Stats().BytesOut > 0 })
	answered := 0
	switch how {
	case byReset:
		c.abort()
	case byClose:
		c.Close()
	case byEnd:
		c.finish()
		expect(t, c, whole[n:])
		expectEnd(t, c)
		answered = 1
	}
	if err := <-wrote; (err == nil) != (how == byEnd) {
		t.Errorf("the worker's write ended with %v", err)
	}
	eventually(t, "the client's connection is over", func() bool { return r.openConns.Load() == 0 })
	askWitness(t, r, dialRouter(t, p.Addr()))
	s := quietStats(t, r)
	if int(s.Status[2]) != 1+answered || int(s.Aborted) != 1-answered || s.Requests != 2 || s.Errors+s.Replays != 0 {
		t.Errorf("stats %+v", s)
	}
	if mine.buf != nil || mine.x.extra != nil || mine.link.buf != nil {
		t.Error("the connection holds buffers")
	}
}
