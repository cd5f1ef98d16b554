package router

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// TestSendsBeyondLastResponse has a client send more before it has read a response,
// after which the worker closes the connection. It gets all of the response: closing
// with bytes unread would reset the connection, and destroy what is on its way.
func TestSendsBeyondLastResponse(t *testing.T) {
	body := strings.Repeat("0123456789", 20_000)
	closing := fmt.Sprintf("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n", len(body))
	const untilEnd = "HTTP/1.1 200 OK\r\n\r\n"
	last := strings.Replace(getRequest, "\r\n", "\r\nConnection: close\r\n", 1)
	for _, tt := range []struct {
		name, request, beyond, head string
		later                       bool // than the router was done
	}{
		{"line break", getRequest, "\r\n", closing, false},
		{"next request", getRequest, getRequest, closing, false},
		{"next request, until the end", getRequest, getRequest, untilEnd, false},
		{"next request, later", getRequest, getRequest, closing, true},
		{"next request, later, until the end", getRequest, getRequest, untilEnd, true},
		{"line break behind the last request", last, "\r\n", closing, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newLingeringRouter(t, Options{})
			asked, release := make(chan struct{}), make(chan struct{})
			w := faulty(t, func(c sock) {
				close(asked)
				<-release
				fmt.Fprint(c, tt.head+body)
			}, tt.request)
			backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, tt.request)
			<-asked
			if !tt.later {
				fmt.Fprint(c, tt.beyond)
			}
			close(release)
			eventually(t, "the response is under way", func() bool { return r.Stats().Status[2] == 1 })
			if tt.later {
				fmt.Fprint(c, tt.beyond)
			}
			got, err := io.ReadAll(c)
			if err != nil || string(got) != tt.head+body {
				t.Errorf("got %d bytes of %d, %v", len(got), len(tt.head+body), err)
			}
		})
	}
}
