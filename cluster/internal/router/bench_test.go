package router

import (
	"fmt"
	"io"
	"net"
	"strconv"
	"testing"
	"time"
)

// BenchmarkRouted carries requests one after the other over one kept
// connection, client and worker in this process included; neither allocates.
func BenchmarkRouted(b *testing.B) {
	r, p := newRouter(b, Options{})
	w := newWorker(b, func(_ *worker, c sock) { answerAll(c) })
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(b, p.Addr())
	roundTrips(b, c)
}

// BenchmarkDirect is BenchmarkRouted without the router.
func BenchmarkDirect(b *testing.B) {
	w := newWorker(b, func(_ *worker, c sock) { answerAll(c) })
	c, err := net.Dial("tcp", addrOf(w.ln).String())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	roundTrips(b, c)
}

// BenchmarkTunnel is BenchmarkRouted through a tunnel, as a WebSocket's echo.
func BenchmarkTunnel(b *testing.B) {
	r, p := newRouter(b, Options{})
	w := newWorker(b, func(w *worker, c sock) {
		w.request(c, "\x01")
		answerAll(c)
	})
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(b, p.Addr())
	if _, err := io.WriteString(c, "\x01"); err != nil {
		b.Fatal(err)
	}
	roundTrips(b, c)
}

// BenchmarkObserve reads the head of a browser's request.
func BenchmarkObserve(b *testing.B) {
	head := []byte(browserRequest)
	b.SetBytes(int64(len(head)))
	b.ReportAllocs()
	for b.Loop() {
		var q request
		q.reset()
		if q.observe(head) != certain {
			b.Fatal("not certain")
		}
	}
}

func roundTrips(b *testing.B, c net.Conn) {
	b.Helper()
	request, response := []byte(getRequest), make([]byte, len(okResponse))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Write(request); err != nil {
			b.Fatal(err)
		}
		if _, err := io.ReadFull(c, response); err != nil {
			b.Fatal(err)
		}
	}
}

// answerAll answers each getRequest with okResponse.
func answerAll(c net.Conn) {
	request, response := make([]byte, len(getRequest)), []byte(okResponse)
	for {
		if _, err := io.ReadFull(c, request); err != nil {
			return
		}
		if _, err := c.Write(response); err != nil {
			return
		}
	}
}

const browserRequest = "GET /app/index.html?x=1 HTTP/1.1\r\nHost: localhost:8080\r\n" +
	"Connection: keep-alive\r\nCache-Control: max-age=0\r\n" +
	"sec-ch-ua: \"Chromium\";v=\"140\", \"Not?A_Brand\";v=\"24\"\r\nsec-ch-ua-mobile: ?0\r\n" +
	"sec-ch-ua-platform: \"Linux\"\r\nUpgrade-Insecure-Requests: 1\r\n" +
	"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n" +
	"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n" +
	"Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\nSec-Fetch-Dest: document\r\n" +
	"Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9\r\n" +
	"Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n\r\n"

// BenchmarkFeed is BenchmarkRouted without the request feed, with the sample that
// it takes at some 60,000 requests a second, and with all requests noted.
func BenchmarkFeed(b *testing.B) {
	for _, mode := range []struct {
		name  string
		every uint32
	}{{"off", 0}, {"one in 30", 30}, {"all", 1}} {
		b.Run(mode.name, func(b *testing.B) {
			r := New(Options{})
			b.Cleanup(r.Close)
			r.feed = nil
			if mode.every > 0 {
				r.feed = newFeed()
				r.feed.every.Store(mode.every)
				r.feed.tuned = maxTime // never tuned
			}
			p := r.Listen(listen(b))
			w := newWorker(b, func(_ *worker, c sock) { answerAll(c) })
			backend(r, p, 1, addrOf(w.ln))
			roundTrips(b, dialRouter(b, p.Addr()))
		})
	}
}

// BenchmarkNote is what the feed costs a request, without the rest of it.
func BenchmarkNote(b *testing.B) {
	for _, every := range []uint32{30, 1} {
		b.Run("one in "+strconv.Itoa(int(every)), func(b *testing.B) {
			f := newFeed()
			b.ReportAllocs()
			for b.Loop() {
				f.every.Store(every)
				if r := f.take([]byte(browserRequest)); r != nil {
					f.note(r)
				}
			}
		})
	}
}

// BenchmarkRecent is what a look at the feed costs.
func BenchmarkRecent(b *testing.B) {
	r := New(Options{})
	r.Close()
	for i := range 10 * feedSize {
		rec := r.feed.take(fmt.Appendf(nil, "GET /%d/%d.html HTTP/1.1", i, i))
		if rec != nil {
			r.feed.note(rec)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if len(r.Recent().Requests) != feedSize {
			b.Fatal("not full")
		}
	}
}

// BenchmarkClientLeaves is how long it takes until a worker that has not answered
// feels that its client has left: at once after the request, before the router has
// begun to listen to the client, and later.
func BenchmarkClientLeaves(b *testing.B) {
	for _, late := range []bool{false, true} {
		b.Run(map[bool]string{false: "at once", true: "later"}[late], func(b *testing.B) {
			asked, felt := make(chan struct{}), make(chan time.Time)
			r, p := newRouter(b, Options{})
			r.deathNotice = 0 // the worker lives, and its last client is not to be watched still
			w := faulty(b, func(c sock) {
				asked <- struct{}{}
				_, _ = c.Read(make([]byte, 1))
				felt <- time.Now()
			}, getRequest)
			backend(r, p, 1, addrOf(w.ln))
			var sum, longest time.Duration
			for b.Loop() {
				c := dialRouter(b, p.Addr())
				if _, err := io.WriteString(c, getRequest); err != nil {
					b.Fatal(err)
				}
				<-asked
				if late {
					eventually(b, "the client is listened to", func() bool { return watched(r) })
				}
				left := time.Now()
				c.Close()
				took := (<-felt).Sub(left)
				sum, longest = sum+took, max(longest, took)
			}
			b.ReportMetric(0, "ns/op") // which counts the waits before
			b.ReportMetric(float64(sum.Microseconds())/1e3/float64(b.N), "ms/leave")
			b.ReportMetric(float64(longest.Microseconds())/1e3, "ms-longest")
		})
	}
}

// watched says whether the router listens to a client that waits for a response:
// the wait has lost its limit then.
func watched(r *Router) bool {
	found := false
	r.mu.Lock() // as register does, which says which slot it is
	defer r.mu.Unlock()
	r.conns.each(func(c *conn) {
		up := c.slot.up.Load()
		found = found || up != nil && c.slot.state.Load()%phases == idle
	})
	return found
}
