package router

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

// serveTLS starts a server with TLS that answers with its name once it may.
func serveTLS(t *testing.T, name string, may <-chan struct{}) netip.AddrPort {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		<-may
		fmt.Fprint(w, name)
	}))
	t.Cleanup(s.Close)
	return addrOf(s.Listener)
}

// tlsClient is a client that keeps its connection.
type tlsClient struct {
	*tls.Conn
	t *testing.T
	r *bufio.Reader
}

func dialTLS(t *testing.T, addr netip.AddrPort) *tlsClient {
	t.Helper()
	c := tls.Client(dialRouter(t, addr).Conn, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the server is a test's own
	return &tlsClient{c, t, bufio.NewReader(c)}
}

func (c *tlsClient) ask() {
	c.t.Helper()
	if _, err := io.WriteString(c, getRequest); err != nil {
		c.t.Fatal(err)
	}
}

// answered wants an answer of the server of that name.
func (c *tlsClient) answered(by string) {
	c.t.Helper()
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || string(body) != by {
		c.t.Fatalf("answered %q, %v, want %q", body, err, by)
	}
}

// isEnded wants the end of the connection as TLS has it.
func (c *tlsClient) isEnded() {
	c.t.Helper()
	if _, err := c.r.ReadByte(); !errors.Is(err, io.EOF) {
		c.t.Errorf("read: %v, want the server's close_notify", err)
	}
}

// tlsPair returns a router with a server that serves and one that does not yet, each
// of which answers as often as it is let.
func tlsPair(t *testing.T) (r *Router, let chan struct{}, out, in *Backend) {
	t.Helper()
	r, p := newRouter(t, Options{Silence: patienceLimit})
	r.sealedLull = 0
	let = make(chan struct{}, 8)
	out = backend(r, p, 1, serveTLS(t, "one", let))
	in = r.NewBackend(2)
	in.Bind(p, serveTLS(t, "two", let))
	return r, let, out, in
}

// keptTLS returns a client that the one which serves has answered so often that its
// last word surely was an answer.
func keptTLS(t *testing.T, r *Router, let chan<- struct{}) *tlsClient {
	t.Helper()
	c := dialTLS(t, r.ports[0].Addr())
	for range surelyAsked - 1 {
		c.ask()
		let <- struct{}{}
		c.answered("one")
	}
	return c
}

// TestShiftEndsIdleTLS: a client that keeps its connection finds it ended when new
// code serves, and its next request goes there.
func TestShiftEndsIdleTLS(t *testing.T) {
	r, let, out, in := tlsPair(t)
	c := keptTLS(t, r, let)
	r.Shift([]*Backend{in}, []*Backend{out})
	c.isEnded()
	c = dialTLS(t, r.ports[0].Addr())
	c.ask()
	let <- struct{}{}
	c.answered("two")
	eventually(t, "no tunnel is left", func() bool { return out.Stats().Tunnels == 0 })
}

// TestDrainLetsTLSFinish: what is under way is answered before the end.
func TestDrainLetsTLSFinish(t *testing.T) {
	r, let, out, _ := tlsPair(t)
	c := keptTLS(t, r, let)
	c.ask()
	eventually(t, "the client has spoken", func() bool { return lastWordAt(out) == clientSaid })
	drained := out.Drain()
	let <- struct{}{}
	c.answered("one")
	c.isEnded()
	<-drained
}

// lastWordAt returns who spoke last on the one tunnel of a backend.
func lastWordAt(b *Backend) (at int64) {
	eachUpstream(b, func(up *upstream) { at = up.word.at.Load() })
	return at
}

// TestReturnKeepsTLS: when the old code takes over again, its connections stay.
func TestReturnKeepsTLS(t *testing.T) {
	r, let, out, in := tlsPair(t)
	c := keptTLS(t, r, let)
	c.ask()
	eventually(t, "the client has spoken", func() bool { return lastWordAt(out) == clientSaid })
	r.Shift([]*Backend{in}, []*Backend{out})
	r.Shift([]*Backend{out}, []*Backend{in})
	let <- struct{}{}
	c.answered("one")
	eventually(t, "it is looked at no more", func() bool {
		settled := true
		r.conns.each(func(c *conn) { settled = settled && c.slot.state.Load()%phases == idle })
		return settled
	})
	c.ask()
	let <- struct{}{}
	c.answered("one")
}

// TestFirstRequestInTLS: a server's tickets are its last word while the client waits
// for an answer to its first request.
func TestFirstRequestInTLS(t *testing.T) {
	r, p := newRouter(t, Options{Silence: patienceLimit})
	r.sealedLull = 0
	let := make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		for range surelyAsked - 1 {
			w.request(c, "\x16")
			fmt.Fprint(c, "\x17")
		}
		<-let
		fmt.Fprint(c, "answer")
	})
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	for range surelyAsked - 1 {
		fmt.Fprint(c, "\x16")
		expect(t, c, "\x17")
	}
	eventually(t, "the last word is passed on", func() bool { return lastWordAt(b) > 0 })
	b.Drain()
	close(let)
	expect(t, c, "answer")
	expectEnd(t, c)
}

// TestRetire says when a tunnel with TLS is idle.
func TestRetire(t *testing.T) {
	const lull, silence = 3 * time.Second, 10 * time.Second
	for _, c := range []struct {
		turns  int
		client bool          // speaks last
		after  time.Duration // that it was heard
		want   bool
	}{
		{surelyAsked, false, lull, true},
		{surelyAsked, false, lull - time.Millisecond, false},
		{surelyAsked, true, time.Hour, false},
		{surelyAsked - 1, false, lull, false},
		{surelyAsked - 1, false, silence, true},
		{surelyAsked - 1, true, time.Hour, false},
		{0, false, silence, true},
	} {
		var w lastWord
		w.backend()
		w.backendDone()
		for range c.turns {
			w.client()
			w.client() // more of the same
			w.backend()
			w.backendDone()
		}
		if c.client {
			w.client()
		}
		now := w.at.Load() + int64(c.after)
		if got := w.retire(now, lull, silence); got != c.want {
			t.Errorf("%+v: idle %v", c, got)
		}
		if w.client() == c.want {
			t.Errorf("%+v: the client may go on speaking: %v", c, !c.want)
		}
		if w.backend(); w.retire(now, lull, silence) != c.want {
			t.Errorf("%+v: idle %v after more of the backend", c, !c.want)
		}
		if w.backendEnded() != c.want {
			t.Errorf("%+v: over with the end of the backend: %v", c, !c.want)
		}
	}
}
