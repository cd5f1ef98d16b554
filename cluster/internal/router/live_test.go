package router

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// pageCase is a response and what a browser gets of it when pages reload. TAG
// stands for the script's tag, SIZE for the length of a body of ten bytes and the
// tag, CHUNK for the tag's size in hexadecimal digits.
type pageCase struct {
	name, response, want string
	closes               bool // the worker closes after its response
	spoilt               bool // the framing is broken: a tunnel follows
}

const htmlHead = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"

var pageCases = []pageCase{
	{
		name:     "length",
		response: htmlHead + "Content-Length: 10\r\nX: y\r\n\r\n<p>hi</p>\n",
		want:     htmlHead + "Content-Length: SIZE\r\nX: y\r\n\r\n<p>hi</p>\nTAG",
	},
	{
		name:     "odd head",
		response: "HTTP/1.1 200\r\ncontent-TYPE:TEXT/HTML\r\nX-Content-Length: 10\r\ncontent-length:  010 \r\n\r\n<p>hi</p>\n",
		want:     "HTTP/1.1 200\r\ncontent-TYPE:TEXT/HTML\r\nX-Content-Length: 10\r\ncontent-length:  SIZE \r\n\r\n<p>hi</p>\nTAG",
	},
	{
		name:     "what fails waits for a change",
		response: "HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 10\r\n\r\n<p>hi</p>\n",
		want:     "HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: SIZE\r\n\r\n<p>hi</p>\nTAG",
	},
	{
		name:     "early hints first",
		response: "HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\n\r\n" + htmlHead + "Content-Length: 10\r\n\r\n<p>hi</p>\n",
		want:     "HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\n\r\n" + htmlHead + "Content-Length: SIZE\r\n\r\n<p>hi</p>\nTAG",
	},
	{
		name:     "chunks",
		response: htmlHead + "Transfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n0A;x=0\r\n0123456789\r\n0\r\n\r\n",
		want:     htmlHead + "Transfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n0A;x=0\r\n0123456789\r\nCHUNK\r\nTAG\r\n0\r\n\r\n",
	},
	{
		name:     "chunks, extensions, trailers",
		response: htmlHead + "Transfer-Encoding: chunked\r\n\r\n0001;a=\"0\"\r\n0\r\n000;last\r\nA: 0\r\nB: c\r\n\r\n",
		want:     htmlHead + "Transfer-Encoding: chunked\r\n\r\n0001;a=\"0\"\r\n0\r\nCHUNK\r\nTAG\r\n000;last\r\nA: 0\r\nB: c\r\n\r\n",
	},
	{
		name:     "no chunk but the last",
		response: htmlHead + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		want:     htmlHead + "Transfer-Encoding: chunked\r\n\r\nCHUNK\r\nTAG\r\n0\r\n\r\n",
	},
	{
		name:     "broken chunk",
		response: htmlHead + "Transfer-Encoding: chunked\r\n\r\n00 1\r\nabc",
		want:     htmlHead + "Transfer-Encoding: chunked\r\n\r\n00 1\r\nabc",
		spoilt:   true,
	},
	{
		name:     "until close",
		response: htmlHead + "\r\n<p>hi</p>\n",
		want:     htmlHead + "\r\n<p>hi</p>\nTAG",
		closes:   true,
	},

	{name: "not a page", response: "HTTP/1.1 200 OK\r\nContent-Type: text/html5\r\nContent-Length: 2\r\n\r\nhi"},
	{name: "no type", response: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"},
	{name: "coded", response: htmlHead + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nhi"},
	{name: "wide characters", response: "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-16le\r\nContent-Length: 2\r\n\r\nh\x00"},
	{name: "not to be transformed", response: htmlHead + "Cache-Control: max-age=1\r\nCache-Control: No-Transform\r\nContent-Length: 2\r\n\r\nhi"},
	{name: "to be saved", response: htmlHead + "Content-Disposition: Attachment; filename=a.html\r\nContent-Length: 2\r\n\r\nhi"},
	{name: "part of a page", response: "HTTP/1.1 206 Partial Content\r\nContent-Type: text/html\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nhi"},
	{name: "redirect", response: "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi"},
	{name: "empty", response: htmlHead + "Content-Length: 0\r\n\r\n"},
}

const pageRequest = "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html,*/*;q=0.8\r\n\r\n"

// TestPagesGetAScript sends each response in one piece, cut at every byte and
// byte by byte.
func TestPagesGetAScript(t *testing.T) {
	for _, tt := range pageCases {
		t.Run(tt.name, func(t *testing.T) {
			if tt.want == "" {
				tt.want = tt.response
			}
			r, p := newRouter(t, Options{LiveReload: true})
			var cut atomic.Int64
			w := newWorker(t, func(w *worker, c sock) {
				for w.request(c, pageRequest, nextRequest) != "" {
					sendIn(t, r, c, tt.response, "", pieces{int(cut.Load())})
					if tt.closes || tt.spoilt {
						return
					}
				}
			})
			tag := backend(r, p, 1, addrOf(w.ln)).scriptTag()
			want := strings.NewReplacer("TAG", tag, "SIZE", fmt.Sprint(10+len(tag)), "CHUNK", fmt.Sprintf("%x", len(tag))).Replace(tt.want)
			for at := everywhere; at < len(tt.response); at++ {
				cut.Store(int64(at))
				t.Logf("cut at %d", at)
				c := dialRouter(t, p.Addr())
				fmt.Fprint(c, pageRequest)
				expect(t, c, want)
				if tt.closes || tt.spoilt {
					expectEnd(t, c)
				} else {
					fmt.Fprint(c, nextRequest) // no browser's: as it is
					expect(t, c, tt.response)
				}
				c.Close()
				if t.Failed() {
					t.Fatalf("cut at %d", at)
				}
			}
		})
	}
}

// TestPageThatIsCutShort ends as the worker's does, without a script.
func TestPageThatIsCutShort(t *testing.T) {
	r, p := newRouter(t, Options{LiveReload: true})
	const half = htmlHead + "Transfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n"
	w := newWorker(t, func(w *worker, c sock) {
		w.request(c, pageRequest)
		fmt.Fprint(c, half)
	})
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, pageRequest)
	expect(t, c, half)
	expectEnd(t, c)
	if s := quietStats(t, r); s.Errors != 1 {
		t.Errorf("stats %+v", s)
	}
}

// TestRequestsForPages are told from all others, whose bytes and whose responses'
// bytes are left alone.
func TestRequestsForPages(t *testing.T) {
	const accept = "Accept: text/html\r\n"
	const coding = "Accept-Encoding: gzip, br\r\naccept-encoding:x\r\nIf-None-Match: \"1\"\r\nIf-Modified-Since: then\r\n"
	const blanked = "Accept-Encoding:         \r\naccept-encoding: \r\nIf-None-Match:    \r\nIf-Modified-Since:     \r\n"
	for name, tt := range map[string]struct {
		off           bool
		line          string
		fields, wants string // after a Host field; what comes of them, if they change
	}{
		"a browser's":           {line: "GET", fields: accept + coding, wants: accept + blanked},
		"a browser's, at once":  {line: "GET", fields: coding + accept, wants: blanked + accept},
		"a navigation":          {line: "GET", fields: accept + "Sec-Fetch-Dest: document\r\n" + coding, wants: accept + "Sec-Fetch-Dest: document\r\n" + blanked},
		"a script's":            {line: "GET", fields: accept + "Sec-Fetch-Dest: empty\r\n" + coding},
		"for no page":           {line: "GET", fields: "Accept: */*\r\n" + coding},
		"for nothing specified": {line: "GET", fields: coding},
		"POST":                  {line: "POST", fields: accept + coding},
		"switched off":          {off: true, line: "GET", fields: accept + coding},
	} {
		t.Run(name, func(t *testing.T) {
			r, p := newRouter(t, Options{LiveReload: !tt.off})
			sent := tt.line + " / HTTP/1.1\r\nHost: a\r\n" + tt.fields + "\r\n"
			arrives := sent
			if tt.wants != "" {
				arrives = tt.line + " / HTTP/1.1\r\nHost: a\r\n" + tt.wants + "\r\n"
			}
			const response = htmlHead + "Content-Length: 10\r\n\r\n<p>hi</p>\n"
			w := newWorker(t, func(w *worker, c sock) {
				for w.request(c, arrives) != "" {
					fmt.Fprint(c, response)
				}
			})
			tag := backend(r, p, 1, addrOf(w.ln)).scriptTag()
			want := response
			if tt.wants != "" {
				want = htmlHead + fmt.Sprintf("Content-Length: %d\r\n\r\n<p>hi</p>\n", 10+len(tag)) + tag
			}
			c := dialRouter(t, p.Addr())
			for range 2 {
				fmt.Fprint(c, sent)
				expect(t, c, want)
			}
		})
	}
}

// TestScript is served by the router, and only if pages reload.
func TestScript(t *testing.T) {
	const request = "GET /.gcl-tui/live.js?x HTTP/1.1\r\nHost: a\r\n\r\n"
	r, p := newRouter(t, Options{LiveReload: true})
	c := dialRouter(t, p.Addr())
	for range 2 {
		fmt.Fprint(c, request)
		if got := expectStatus(t, c, "200 OK"); got != liveScript {
			t.Errorf("got %q", got)
		}
	}
	if s := r.Stats(); s.Requests != 0 {
		t.Errorf("counted as the app's: %+v", s)
	}
	r, p = newRouter(t, Options{})
	w := healthy(t, request)
	backend(r, p, 1, addrOf(w.ln))
	c = dialRouter(t, p.Addr())
	fmt.Fprint(c, request)
	expect(t, c, okResponse)
}

// follower is a client of the stream.
type follower struct {
	sock
	t  *testing.T
	in *bufio.Reader
}

const followRequest = "GET /.gcl-tui/live HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n"

func follow(t *testing.T, p *Port) *follower {
	t.Helper()
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, followRequest)
	f := &follower{c, t, bufio.NewReader(c)}
	resp, err := http.ReadResponse(f.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close() // or else the body would be read to its end
		resp.Body.Close()
	})
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "text/event-stream" {
		t.Errorf("got %+v", resp)
	}
	return f
}

// next returns the next event, or comment, without its end.
func (f *follower) next() string {
	f.t.Helper()
	var text strings.Builder
	for {
		line, err := f.in.ReadString('\n')
		if err != nil {
			f.t.Fatalf("got %q, then %v", text.String()+line, err)
		}
		if line == "\n" {
			return strings.TrimSuffix(text.String(), "\n")
		}
		text.WriteString(line)
	}
}

func (f *follower) expect(kind, edition string) {
	f.t.Helper()
	if got, want := f.next(), "event: "+kind+"\ndata: "+edition; got != want {
		f.t.Errorf("got %q, want %q", got, want)
	}
}

func (f *follower) expectEnd() {
	f.t.Helper()
	if rest, err := io.ReadAll(f.in); err != nil || len(rest) > 0 {
		f.t.Errorf("got %q, %v", rest, err)
	}
}

// TestFollowers hear of generations as they come to serve, and of outages.
func TestFollowers(t *testing.T) {
	r, p := newRouter(t, Options{LiveReload: true})
	early := follow(t, p)
	one, two := r.NewBackend(1), r.NewBackend(2)
	one.SetGeneration(1)
	two.SetGeneration(2)
	one.Bind(p, netip.MustParseAddrPort("127.0.0.1:1"))
	two.Bind(p, netip.MustParseAddrPort("127.0.0.1:1"))
	one.Ready()
	early.expect("up", one.edition())
	late := follow(t, p)
	late.expect("up", one.edition())
	r.Shift([]*Backend{two}, []*Backend{one})
	early.expect("up", two.edition())
	late.expect("up", two.edition())
	two.Close()
	r.SetOutage(7)
	early.expect("down", r.instance+"-outage-7")
	r.SetOutage(8)
	early.expect("down", r.instance+"-outage-8")
	r.SetOutage(0)
	r.Shift([]*Backend{one}, nil)
	early.expect("up", one.edition())
	if one.edition() == two.edition() || !strings.HasPrefix(one.edition(), r.instance) {
		t.Errorf("editions %q and %q", one.edition(), two.edition())
	}
	if other := New(Options{}); other.instance == r.instance {
		t.Error("another router is taken for the same")
	} else {
		other.Close()
	}
}

// TestFollowersEnd with the router, at once, and with their client.
func TestFollowersEnd(t *testing.T) {
	for name, end := range map[string]func(r *Router, c sock){
		"Shutdown": func(r *Router, _ sock) {
			if err := r.Shutdown(t.Context()); err != nil {
				t.Error(err)
			}
		},
		"Close":            func(r *Router, _ sock) { r.Close() },
		"the client's end": func(_ *Router, c sock) { c.finish() },
		"reset":            func(_ *Router, c sock) { c.abort() },
	} {
		t.Run(name, func(t *testing.T) {
			r, p := newRouter(t, Options{LiveReload: true})
			b := r.NewBackend(1)
			b.Bind(p, netip.MustParseAddrPort("127.0.0.1:1"))
			b.Ready()
			f := follow(t, p)
			f.expect("up", b.edition())
			fmt.Fprint(f, "this means nothing")
			eventually(t, "it is read", func() bool { return unreadBytes(r) == 0 })
			end(r, f.sock)
			if name != "reset" {
				f.expectEnd()
			}
			eventually(t, "the connection is gone", func() bool { return r.Stats().Conns == 0 })
		})
	}
}

// TestHeartbeat goes on while nothing happens.
func TestHeartbeat(t *testing.T) {
	r := New(Options{LiveReload: true})
	t.Cleanup(r.Close)
	r.heartbeat = time.Millisecond
	f := follow(t, r.Listen(listen(t)))
	for range 3 {
		if got := f.next(); got != ":" {
			t.Errorf("got %q", got)
		}
	}
	if s := r.Stats(); s.Requests != 0 || s.Held != 0 || s.InFlight != 0 || s.Conns != 1 {
		t.Errorf("counted as the app's: %+v", s)
	}
}
