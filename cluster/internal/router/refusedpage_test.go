package router

import (
	"fmt"
	"io"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRefusedPages keep their URL, wait for what comes, and look after themselves
// only if that cannot do harm.
func TestRefusedPages(t *testing.T) {
	var local atomic.Bool
	local.Store(true)
	r, p := newRouter(t, Options{
		Trust: func(netip.Addr) bool { return local.Load() },
		Explain: func(detailed bool) Explanation {
			e := Explanation{Summary: "it & failed"}
			if detailed {
				e.Parts = []Part{{
					Title: "a<b>.go:1", Message: "\x1b[31msecret\x1b[m \"x\"\x07\x9b\xff", Text: "one\n</pre><script>\n\tthree\n", Mark: 2,
				}}
			}
			return e
		},
	})
	r.SetOutage(3)
	ask := func(request string) string {
		t.Helper()
		c := dialRouter(t, p.Addr())
		defer c.Close()
		fmt.Fprint(c, request)
		return expectStatus(t, c, "503 Service Unavailable")
	}
	// The stream is the app's until somebody may ask for it.
	if got := ask(followRequest); !strings.HasPrefix(got, "503 Service Unavailable\nit & failed\n\na<b>.go:1: secret \"x\"\uFFFD\none\n") {
		t.Errorf("plain: %q", got)
	}
	got := ask(pageRequest)
	for _, want := range []string{
		"<h1>it &amp; failed</h1>", "<h2>a&lt;b&gt;.go:1</h2>", "<p>secret &#34;x&#34;\uFFFD</p>",
		"<pre>one\n<mark>&lt;/pre&gt;&lt;script&gt;</mark>\n\tthree</pre>",
		`data-serves="` + r.instance + `-outage-3" data-method="GET"`, `<noscript><meta http-equiv="refresh" content="3">`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	follow(t, p).expect("down", r.instance+"-outage-3")
	post := strings.Replace(pageRequest, "GET", "POST", 1)
	if got := ask(post); !strings.Contains(got, `data-method="POST"`) {
		t.Errorf("got %q", got)
	}
	through := strings.Replace(pageRequest, "Host: a", "Host: a\r\nX-Forwarded-For: 192.0.2.1", 1)
	if got := ask(through); strings.Contains(got, "secret") || !strings.Contains(got, "<h1>it &amp; failed</h1>") {
		t.Errorf("through a proxy: %q", got)
	}
	local.Store(false)
	if got := ask(pageRequest); strings.Contains(got, "secret") || !strings.Contains(got, "<h1>it &amp; failed</h1>") {
		t.Errorf("from elsewhere: %q", got)
	}
}

// TestLostPages are not asked for again until another generation serves: the
// request may be what the worker has died of.
func TestLostPages(t *testing.T) {
	r, p := newRouter(t, Options{})
	w := faulty(t, func(c sock) {}, pageRequest)
	var editions []string
	for id := range 3 {
		editions = append(editions, backend(r, p, id, addrOf(w.ln)).edition())
	}
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, pageRequest)
	got := expectStatus(t, c, "502 Bad Gateway")
	if !strings.Contains(got, `data-serves="`+editions[0]+`"`) || strings.Contains(got, "<noscript>") {
		t.Errorf("got %q", got)
	}
}

// TestTrust by default is in clients on this machine.
func TestTrust(t *testing.T) {
	o := Options{}.withDefaults()
	got := map[string]bool{}
	for _, a := range []string{"127.0.0.1", "127.9.9.9", "::1", "192.0.2.2", "fd00::2"} {
		got[a] = o.Trust(netip.MustParseAddr(a))
	}
	want := map[string]bool{"127.0.0.1": true, "127.9.9.9": true, "::1": true, "192.0.2.2": false, "fd00::2": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestReadable leaves nothing that a terminal acts on.
func TestReadable(t *testing.T) {
	for in, want := range map[string]string{
		"a\tb\nc":                   "a\tb\nc",
		"\x1b[1;31mred\x1b[0m":      "red",
		"cut \x1b[31":               "cut ",
		"broken \x1b[3\nnext":       "broken \nnext",
		"\x1b]0;title\x07":          "]0;title",
		"bell\x07 del\x7f c1\u009b": "bell del c1",
		"\xff\xfe é":                "\uFFFD é",
		"crlf\r\n":                  "crlf\n",
	} {
		if got := readable(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

// TestEarlyPage answers before the whole request is there: the connection is not
// used again, for a page as for anything else.
func TestEarlyPage(t *testing.T) {
	r, p := newRouter(t, Options{LiveReload: true})
	const head = "GET / HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\nContent-Length: 5\r\n\r\n"
	w := newWorker(t, func(w *worker, c sock) {
		w.request(c, head)
		fmt.Fprint(c, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nok")
		_, _ = io.Copy(io.Discard, c)
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, head)
	expect(t, c, "HTTP/1.1 200 OK\r\n")
	fmt.Fprint(c, "hello")
	quietStats(t, r)
	if n := len(b.routes[p].kept); n != 0 {
		t.Error("the connection is kept")
	}
}
