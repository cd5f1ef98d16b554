package router

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestEndWithinBody has a client end its direction within a body, and a worker that
// answers that and keeps its connection. There is nothing to wait for after that.
func TestEndWithinBody(t *testing.T) {
	const part = "POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\nbegin"
	large := strings.Replace(part, "1000", "1000000", 1)
	chunked := "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbeg"
	for _, tt := range []struct {
		name, request string
		early         bool
	}{
		{"answered", part, false},
		{"answered before", part, true},
		{"large, answered", large, false},
		{"large, answered before", large, true},
		{"chunked, answered", chunked, false},
		{"chunked, answered before", chunked, true},
	} {
		t.Run(tt.name, func(t *testing.T) { endWithinBody(t, tt.request, tt.early) })
	}
}

func endWithinBody(t *testing.T, request string, early bool) {
	t.Helper()
	r, p := newRouter(t, Options{})
	felt, over := make(chan error, 1), make(chan struct{})
	w := faulty(t, func(c sock) {
		if early {
			fmt.Fprint(c, okResponse)
		}
		_, err := c.Read(make([]byte, 1))
		felt <- err
		if !early {
			fmt.Fprint(c, okResponse)
		}
		<-over
	}, request)
	t.Cleanup(func() { close(over) })
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, request)
	if early {
		expect(t, c, okResponse)
	}
	c.finish()
	if !early {
		expect(t, c, okResponse)
	}
	if err := <-felt; !errors.Is(err, io.EOF) {
		t.Errorf("the worker felt %v, want the end", err)
	}
	expectEnd(t, c)
	if s := quietStats(t, r); s.Requests != 1 || s.Status[2] != 1 || s.Errors+s.Aborted != 0 {
		t.Errorf("stats %+v", s)
	}
	if n := b.Stats().Conns; n != 0 {
		t.Errorf("%d connections to the worker are left", n)
	}
}
