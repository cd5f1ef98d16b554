package router

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// noted returns the requests of the feed once there are n.
func noted(tb testing.TB, r *Router, n int) []Request {
	tb.Helper()
	var got []Request
	eventually(tb, fmt.Sprintf("%d requests are noted", n), func() bool {
		got = r.Recent().Requests
		return len(got) == n
	})
	return got
}

// expectNoted compares the one request of the feed with what is wanted.
func expectNoted(t *testing.T, r *Router, want Request) {
	t.Helper()
	got := noted(t, r, 1)[0]
	if age := time.Since(got.Time); age < got.Took || age > patienceLimit || got.Took <= 0 {
		t.Errorf("began %v ago and took %v", age, got.Took)
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(Request{}, "Time", "Took")); diff != "" {
		t.Error(diff)
	}
}

// TestFeed sends one request each and looks at what is noted of it.
func TestFeed(t *testing.T) {
	const (
		size = 3 * bufferSize
		bulk = 4 * bulkMin
	)
	long := "GET /" + strings.Repeat("x", 2*lineSize) + " HTTP/1.1\r\n\r\n"
	upload := "PUT /upload?x=1 HTTP/1.1\r\nContent-Length: " + strconv.Itoa(size) + "\r\n\r\n" + strings.Repeat("b", size)
	bulky := "POST / HTTP/1.1\r\nContent-Length: " + strconv.Itoa(bulk) + "\r\n\r\n" + strings.Repeat("b", bulk)
	download := "HTTP/1.1 200 OK\r\nContent-Length: " + strconv.Itoa(bulk) + "\r\n\r\n" + strings.Repeat("b", bulk)
	const (
		created  = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
		early    = "HTTP/1.1 103 Early Hints\r\n\r\n"
		switches = "HTTP/1.1 101 Switching Protocols\r\n\r\n"
		half     = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"
		garbage  = "SSH-2.0-x\r\n"
		escapes  = "GET /a\x1b]0;\xff\u202e\u00e9 HTTP/1.1\r\n\r\n"
	)
	for _, tt := range []struct {
		name, request, response string
		want                    Request
	}{
		{"no body", getRequest, okResponse, Request{Method: "GET", Path: "/", Status: 200}},
		{"body", postRequest, created, Request{Method: "POST", Path: "/", Status: 201}},
		{"large body", upload, created, Request{Method: "PUT", Path: "/upload?x=1", Status: 201}},
		{"larger body", bulky, okResponse, Request{Method: "POST", Path: "/", Status: 200}},
		{"large response", getRequest, download, Request{Method: "GET", Path: "/", Status: 200}},
		{"interim response", getRequest, early + okResponse, Request{Method: "GET", Path: "/", Status: 200}},
		{"upgrade", getRequest, switches, Request{Method: "GET", Path: "/", Status: 101}},
		{"long path", long, okResponse, Request{Method: "GET", Path: long[4:lineSize], Cut: true, Status: 200}},
		{"cut short", getRequest, half, Request{Method: "GET", Path: "/", Status: 200, Fault: CutShort}},
		{"garbled", getRequest, garbage, Request{Method: "GET", Path: "/", Fault: NotHTTP}},
		{"terminal's language", strings.Replace(getRequest, "/", "/\u009b2J", 1), okResponse, Request{Method: "GET", Path: `/\u009b2J`, Status: 200}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{})
			w := newWorker(t, func(w *worker, c sock) {
				if _, err := io.ReadFull(c, make([]byte, len(tt.request))); err != nil {
					t.Error(err)
				}
				fmt.Fprint(c, tt.response)
			})
			backend(r, p, 7, addrOf(w.ln))
			c := dialRouter(t, p.Addr())
			fmt.Fprint(c, tt.request)
			expect(t, c, tt.response)
			tt.want.BytesIn, tt.want.BytesOut, tt.want.Worker = int64(len(tt.request)), int64(len(tt.response)), 7
			if tt.want.Status == 101 || tt.want.Fault == NotHTTP {
				tt.want.BytesOut = 0 // what follows is a tunnel's
			}
			expectNoted(t, r, tt.want)
		})
	}
	if got, want := printable([]byte(escapes)), `GET /a\x1b]0;\xff\u202e`+"\u00e9"+` HTTP/1.1\r\n\r\n`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFeedSaysWhoWaited(t *testing.T) {
	r, p := newRouter(t, Options{})
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	eventually(t, "the request is held", func() bool { return r.Stats().Held == 1 })
	backend(r, p, 3, addrOf(healthy(t, getRequest).ln))
	expect(t, c, okResponse)
	expectNoted(t, r, Request{
		Method: "GET", Path: "/", Status: 200, BytesIn: int64(len(getRequest)), BytesOut: int64(len(okResponse)),
		Worker: 3, Held: true,
	})
}

func TestFeedSaysWhoWasReplayed(t *testing.T) {
	r, p := newRouter(t, Options{Policy: RoundRobin})
	backend(r, p, 1, addrOf(faulty(t, resets, getRequest).ln))
	backend(r, p, 2, addrOf(healthy(t, getRequest).ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	expect(t, c, okResponse)
	expectNoted(t, r, Request{
		Method: "GET", Path: "/", Status: 200, BytesIn: int64(len(getRequest)), BytesOut: int64(len(okResponse)),
		Worker: 2, Replayed: true,
	})
}

func TestFeedSaysWhoFailed(t *testing.T) {
	t.Run("lost", func(t *testing.T) {
		r, p := newRouter(t, Options{})
		backend(r, p, 1, addrOf(faulty(t, resets, postRequest).ln))
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, postRequest)
		expectStatus(t, c, "502 Bad Gateway")
		got := noted(t, r, 1)[0]
		if got.Status != 502 || got.Fault != WorkerLost || got.Worker != 1 || got.BytesOut == 0 || got.Replayed {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("refused", func(t *testing.T) {
		r, p := newRouter(t, Options{Hold: time.Millisecond})
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, getRequest)
		expectStatus(t, c, "503 Service Unavailable")
		got := noted(t, r, 1)[0]
		if got.Status != 503 || got.Fault != NoWorker || got.Worker != 0 || got.BytesOut == 0 || !got.Held {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("left", func(t *testing.T) {
		r, p := newRouter(t, Options{})
		asked := make(chan struct{})
		w := newWorker(t, func(w *worker, c sock) {
			w.request(c, getRequest)
			close(asked)
			_, _ = io.Copy(io.Discard, c)
		})
		backend(r, p, 1, addrOf(w.ln))
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, getRequest)
		<-asked
		c.abort()
		expectNoted(t, r, Request{Method: "GET", Path: "/", BytesIn: int64(len(getRequest)), Worker: 1, Fault: ClientLeft})
	})
}

// TestFeedKeepsTheLatest fills the feed more than once.
func TestFeedKeepsTheLatest(t *testing.T) {
	r := New(Options{})
	r.Close()
	for i := range 2*feedSize + 1 {
		r.feed.every.Store(1) // however fast they come
		r.feed.note(r.feed.take(fmt.Appendf(nil, "GET /%d HTTP/1.1\r\n", i)))
	}
	got := r.Recent()
	if len(got.Requests) != feedSize {
		t.Fatalf("%d requests", len(got.Requests))
	}
	for i, q := range got.Requests {
		if want := fmt.Sprintf("/%d", i+feedSize+1); q.Path != want {
			t.Fatalf("request %d is %s, want %s", i, q.Path, want)
		}
	}
	if len(got.Routes) != 1 || got.Routes[0].Path != "/:id" || got.Routes[0].Requests != 2*feedSize+1 || got.Routes[0].Share != 1 {
		t.Errorf("routes %+v", got.Routes)
	}
}

// TestFeedSamples goes through a second each at several rates.
func TestFeedSamples(t *testing.T) {
	f := newFeed()
	second := func(requests int) (taken int) {
		for range requests {
			if r := f.take([]byte("GET / HTTP/1.1\r\n")); r != nil {
				f.note(r)
				taken++
			}
		}
		f.tune(f.tuned + int64(time.Second))
		return taken
	}
	if taken := second(feedRate - 1); taken != feedRate-1 || f.every.Load() != 1 {
		t.Errorf("of %d all should be taken, and were %d; then one in %d", feedRate-1, taken, f.every.Load())
	}
	if taken := second(100_000); taken > 8*feedBurst {
		t.Errorf("%d of a burst taken", taken)
	}
	// The number that the sample stands for is close to the true one: of 2,000
	// drawn the standard deviation is 2 %.
	if every := f.every.Load(); every < 35 || every > 65 {
		t.Errorf("after 100,000 one in %d is taken", every)
	}
	if taken := second(100_000); taken < 1000 || taken > feedBurst+1000 {
		t.Errorf("%d of 100,000 taken", taken)
	}
	second(0)
	if every := f.every.Load(); every != 1 {
		t.Errorf("at rest one in %d is taken", every)
	}
}
