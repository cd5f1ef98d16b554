package router

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

// TestEventStream has a worker that sends one event for each byte it is told
// to: every one must arrive before the next is sent.
func TestEventStream(t *testing.T) {
	r, p := newRouter(t, Options{})
	events := make(chan string)
	w := faulty(t, func(c sock) {
		fmt.Fprint(c, streamHead)
		for e := range events {
			fmt.Fprint(c, e)
		}
	}, getRequest)
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	expect(t, c, streamHead)
	for i := range 20 {
		e := fmt.Sprintf("data: %d\n\n", i)
		events <- e
		expect(t, c, e)
	}
	close(events)
	expectEnd(t, c)
}

// getOf returns a request of so many bytes in all.
func getOf(size int) string {
	head := "GET / HTTP/1.1\r\nX: "
	return head + strings.Repeat("x", size-len(head)-len("\r\n\r\n")) + "\r\n\r\n"
}

// postOf is getOf with most of the bytes in the body.
func postOf(size int) string {
	const head = "POST / HTTP/1.1\r\nContent-Length: %05d\r\n\r\n"
	body := size - len(fmt.Sprintf(head, 0))
	return fmt.Sprintf(head, body) + strings.Repeat("x", body)
}

// TestClientLeaves has a worker wait for the end of its client, in the middle of
// a long poll, of an event stream, of a request's body and of a response's that is
// large enough to be moved in bulk.
func TestClientLeaves(t *testing.T) {
	upload := "POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\nbegin"
	largeUpload := "POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat("x", 100_000)
	download := "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + strings.Repeat("x", 300_000)
	for _, tt := range []struct {
		name, request, begin string
		leave                func(c sock)
	}{
		{"download, closed", getRequest, download, func(c sock) { c.Close() }},
		{"download, reset", getRequest, download, func(c sock) { c.abort() }},
		{"long poll, closed", getRequest, "", func(c sock) { c.Close() }},
		{"long poll, reset", getRequest, "", func(c sock) { c.abort() }},
		{"event stream, closed", getRequest, streamHead, func(c sock) { c.Close() }},
		{"event stream, reset", getRequest, streamHead, func(c sock) { c.abort() }},
		{"upload, closed", upload, "", func(c sock) { c.Close() }},
		{"upload, reset", upload, "", func(c sock) { c.abort() }},
		{"large upload, closed", largeUpload, "", func(c sock) { c.Close() }},
		{"large upload, reset", largeUpload, "", func(c sock) { c.abort() }},
		{"POST, closed", postRequest, "", func(c sock) { c.Close() }},
		{"largest head, closed", getOf(requestMost), "", func(c sock) { c.Close() }},
		{"head of a buffer, closed", getOf(bufferSize), "", func(c sock) { c.Close() }},
		{"POST of the largest request, closed", postOf(requestMost), "", func(c sock) { c.Close() }},
		{"POST of a buffer, closed", postOf(bufferSize), "", func(c sock) { c.Close() }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			read, felt := make(chan struct{}), make(chan error)
			w := faulty(t, func(c sock) {
				fmt.Fprint(c, tt.begin)
				close(read)
				_, err := c.Read(make([]byte, 1))
				felt <- err
			}, tt.request)
			backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, tt.request)
			expect(t, c, tt.begin)
			<-read
			tt.leave(c)
			if err := <-felt; !errors.Is(err, io.EOF) && !isReset(err) {
				t.Errorf("the worker felt %v", err)
			}
			s := quietStats(t, r)
			if s.Replays != 0 || s.Status != ([6]uint64{}) && tt.begin == "" {
				t.Errorf("stats %+v", s)
			}
		})
	}
}

// TestHalfClosedClient ends its direction right after the request, as nc does,
// and must get the whole answer, at once or after a long wait.
func TestHalfClosedClient(t *testing.T) {
	for _, slow := range []bool{false, true} {
		r, p := newRouter(t, Options{})
		w := faulty(t, func(c sock) {
			if slow {
				// The end is passed on once the wait is long.
				_, _ = c.Read(make([]byte, 1))
			}
			fmt.Fprint(c, okResponse)
		}, getRequest)
		backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, getRequest)
		c.finish()
		expect(t, c, okResponse)
		expectEnd(t, c)
	}
}

// TestPipelinedBehindLongWait sends the next request, and then the end, while
// the first one waits: both are answered.
func TestPipelinedBehindLongWait(t *testing.T) {
	r, p := newRouter(t, Options{})
	release := make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		for {
			switch w.request(c, getRequest, postRequest) {
			case "":
				return
			case getRequest:
				<-release
				fmt.Fprint(c, okResponse)
			case postRequest:
				fmt.Fprint(c, nextResponse)
			}
		}
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	eventually(t, "the request is in flight", func() bool { return b.Stats().InFlight == 1 })
	fmt.Fprint(c, postRequest[:10])
	// Read only by the uplink, which a long wait starts.
	eventually(t, "the router reads ahead", func() bool { return unreadBytes(r) == 0 })
	fmt.Fprint(c, postRequest[10:])
	c.finish()
	eventually(t, "the router reads ahead", func() bool { return unreadBytes(r) == 0 })
	close(release)
	expect(t, c, okResponse+nextResponse)
	expectEnd(t, c)
	if s := quietStats(t, r); s.Status[2] != 2 || s.Errors != 0 {
		t.Errorf("stats %+v", s)
	}
}

const (
	expectHead = "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
	goOn       = "HTTP/1.1 100 Continue\r\n\r\n"
)

// bodyPassedOn waits until the router knows that the bodies it passes on are with
// their workers. A response before that is an early one, after which nobody else is
// served on the worker's connection.
func bodyPassedOn(tb testing.TB, r *Router) {
	tb.Helper()
	eventually(tb, "the body is passed on", func() bool {
		all := true
		r.conns.each(func(c *conn) { all = all && c.link.body.Load() != bodyComing })
		return all
	})
}

// keptConnection wants the connection to a worker to be kept after an exchange. One
// before it may be too old to be used again.
func keptConnection(t *testing.T, b *Backend) {
	t.Helper()
	if n := b.Stats().Conns; n != 1 {
		t.Errorf("%d connections are kept", n)
	}
}

// TestContinue has a client that waits for the worker's word before it sends its
// body, and one that does not.
func TestContinue(t *testing.T) {
	r, p := newRouter(t, Options{})
	w := newWorker(t, func(w *worker, c sock) {
		for w.request(c, expectHead) != "" {
			fmt.Fprint(c, goOn)
			w.request(c, "hello")
			bodyPassedOn(t, r)
			fmt.Fprint(c, okResponse)
		}
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	for range 3 {
		fmt.Fprint(c, expectHead)
		expect(t, c, goOn)
		fmt.Fprint(c, "hello")
		expect(t, c, okResponse)
		fmt.Fprint(c, expectHead+"hello")
		expect(t, c, goOn+okResponse)
	}
	quietStats(t, r)
	keptConnection(t, b)
}

// TestEarlyResponse has a worker answer before it has the body. The rest of the
// body follows and the client's connection stays, or the worker closes and the
// client still gets the answer. Nobody else is served on the worker's connection.
func TestEarlyResponse(t *testing.T) {
	const size = 1 << 20
	head := fmt.Sprintf("POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n", size)
	const tooLarge = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig"
	t.Run("the worker reads on", func(t *testing.T) {
		r, p := newRouter(t, Options{})
		w := newWorker(t, func(w *worker, c sock) {
			for w.request(c, head) != "" {
				fmt.Fprint(c, tooLarge)
				_, _ = io.CopyN(io.Discard, c, size)
			}
		})
		backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		for range 3 {
			fmt.Fprint(c, head)
			expect(t, c, tooLarge)
			fmt.Fprint(c, strings.Repeat("x", size))
		}
		eventually(t, "all are counted", func() bool { return r.Stats().Status[4] == 3 })
		if got := w.accepted(); got != 3 {
			t.Errorf("%d connections to the worker, want 3", got)
		}
	})
	t.Run("the worker closes", func(t *testing.T) {
		r, p := newLingeringRouter(t, Options{})
		w := faulty(t, func(c sock) { fmt.Fprint(c, tooLarge) }, head)
		backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, head)
		expect(t, c, tooLarge)
		// Far more than the sockets hold: it must be taken and thrown away.
		fmt.Fprint(c, strings.Repeat("x", size))
		c.finish()
		expectEnd(t, c)
		if s := quietStats(t, r); s.Status[4] != 1 || s.Errors != 0 {
			t.Errorf("stats %+v", s)
		}
	})
}

// pattern is an endless stream that is not the same everywhere.
type pattern struct{ at int }

func (p *pattern) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte((p.at + i) * 131 >> 3)
	}
	p.at += len(b)
	return len(b), nil
}

// TestLargeBodies sends bodies far larger than any buffer both ways at once, with
// a known length and chunked.
func TestLargeBodies(t *testing.T) {
	const size = 8 << 20
	want, _ := io.ReadAll(io.LimitReader(&pattern{}, size))
	var coded bytes.Buffer
	for rest := want; len(rest) > 0; {
		n := min(len(rest), 100_003)
		fmt.Fprintf(&coded, "%x\r\n%s\r\n", n, rest[:n])
		rest = rest[n:]
	}
	coded.WriteString("0\r\n\r\n")
	for _, tt := range []struct{ name, field, body string }{
		{"length", fmt.Sprintf("Content-Length: %d", size), string(want)},
		{"chunked", "Transfer-Encoding: chunked", coded.String()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			head := "POST / HTTP/1.1\r\n" + tt.field + "\r\n\r\n"
			w := newWorker(t, func(w *worker, c sock) {
				for w.request(c, head) != "" {
					fmt.Fprintf(c, "HTTP/1.1 200 OK\r\n%s\r\n\r\n", tt.field)
					_, _ = io.CopyN(c, c, int64(len(tt.body))-1)
					last := make([]byte, 1)
					_, _ = io.ReadFull(c, last)
					bodyPassedOn(t, r)
					_, _ = c.Write(last)
				}
			})
			b := backend(r, p, 1, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			for range 2 {
				sent := make(chan error)
				go func() {
					_, err := io.WriteString(c, head+tt.body)
					sent <- err
				}()
				expect(t, c, "HTTP/1.1 200 OK\r\n"+tt.field+"\r\n\r\n"+tt.body)
				if err := <-sent; err != nil {
					t.Fatal(err)
				}
			}
			s := quietStats(t, r)
			if in := 2 * uint64(len(head)+len(tt.body)); s.BytesIn != in || s.Status[2] != 2 || b.Stats().BytesIn != in {
				t.Errorf("stats %+v, sent %d bytes", s, in)
			}
			keptConnection(t, b)
		})
	}
}

// TestLongHead sends a head larger than the buffer: it passes, as a tunnel.
func TestLongHead(t *testing.T) {
	r, p := newRouter(t, Options{})
	long := "GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 3*bufferSize) + "\r\n\r\n"
	answer := strings.Replace(okResponse, "\r\n\r\n", "\r\nY: "+strings.Repeat("y", 3*bufferSize)+"\r\n\r\n", 1)
	w := newWorker(t, func(w *worker, c sock) {
		for w.request(c, long, getRequest) != "" {
			fmt.Fprint(c, answer)
		}
	})
	backend(r, p, 1, addrOf(w.ln))
	for _, request := range []string{long, getRequest} {
		c := dialRouter(t, p.Addr())
		for range 2 {
			fmt.Fprint(c, request)
			expect(t, c, answer)
		}
		if s := r.Stats(); s.Tunnels != 1 {
			t.Errorf("stats %+v, want a tunnel", s)
		}
		c.Close()
		eventually(t, "the tunnel ends", func() bool { return r.Stats().Conns == 0 })
	}
}

// TestLongHeadsOfBoth has a request and a response whose heads are known each, but
// larger together than one buffer.
func TestLongHeadsOfBoth(t *testing.T) {
	const most = bufferSize - len("\r\n\r\n")
	for _, size := range []int{1 << 10, minRoom, bufferSize / 2, most} {
		r, p := newRouter(t, Options{})
		request := "GET / HTTP/1.1\r\nX: "
		request += strings.Repeat("x", most-minRoom-len(request)) + "\r\n\r\n"
		answer := "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nY: "
		answer += strings.Repeat("y", size-len(answer)) + "\r\n\r\nok"
		w := newWorker(t, func(w *worker, c sock) {
			for w.request(c, request) != "" {
				fmt.Fprint(c, answer)
			}
		})
		backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		for range 2 {
			fmt.Fprint(c, request)
			expect(t, c, answer)
		}
		if s := quietStats(t, r); s.Tunnels != 0 || s.Status[2] != 2 {
			t.Errorf("head of %d bytes: stats %+v", size, s)
		}
	}
}
