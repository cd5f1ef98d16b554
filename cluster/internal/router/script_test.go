package router

import (
	"errors"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// unreadBytes returns how many bytes the router has not yet read of all its
// sockets.
func unreadBytes(r *Router) int {
	sum := 0
	r.conns.each(func(c *conn) { sum += queued(&c.wire) })
	for _, b := range r.live() {
		r.mu.Lock()
		for _, rt := range b.routes {
			rt.mu.Lock()
			for up := range rt.all {
				sum += queued(&up.wire)
			}
			rt.mu.Unlock()
		}
		r.mu.Unlock()
	}
	return sum
}

// eventually looks again and again for what must come about. It gives up its
// processor in between: a busy wait would keep the poller from its work.
func eventually(tb testing.TB, what string, ok func() bool) {
	tb.Helper()
	limit := time.After(patienceLimit)
	look := time.NewTicker(20 * time.Microsecond)
	defer look.Stop()
	for !ok() {
		select {
		case <-look.C:
		case <-limit:
			tb.Fatalf("never happened: %s", what)
		}
	}
}

// pieces says how to cut what is sent: at one place, or everywhere.
type pieces struct{ at int }

const everywhere = -1

// sendIn writes text in pieces, the next one only once the router has read all
// before, and tail with the last of them.
func sendIn(tb testing.TB, r *Router, w io.Writer, text, tail string, cut pieces) {
	tb.Helper()
	parts := []string{text[:max(cut.at, 0)], text[max(cut.at, 0):]}
	if cut.at == everywhere {
		parts = strings.Split(text, "")
	}
	parts[len(parts)-1] += tail
	for i, part := range parts {
		if part == "" {
			continue
		}
		if _, err := io.WriteString(w, part); err != nil {
			tb.Errorf("write: %v", err)
			return
		}
		if i < len(parts)-1 {
			eventually(tb, "the router reads what was sent", func() bool { return unreadBytes(r) == 0 })
		}
	}
}

// sock is a connection in the hands of a test.
type sock struct{ net.Conn }

// newSock bounds how long a test may wait on c.
func newSock(c *net.TCPConn) sock {
	_ = c.SetDeadline(time.Now().Add(patienceLimit))
	return sock{c}
}

// finish ends the direction from the test.
func (s sock) finish() { _ = s.Conn.(*net.TCPConn).CloseWrite() }

// abort closes the connection so that the other side sees a reset.
func (s sock) abort() {
	_ = s.Conn.(*net.TCPConn).SetLinger(0)
	s.Close()
}

// dialRouter opens a client connection that the test closes.
func dialRouter(tb testing.TB, addr netip.AddrPort) sock {
	tb.Helper()
	c, err := net.DialTCP("tcp", nil, net.TCPAddrFromAddrPort(addr))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	return newSock(c)
}

// expect reads exactly want.
func expect(tb testing.TB, from io.Reader, want string) {
	tb.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(from, got)
	if err != nil || string(got) != want {
		tb.Fatalf("got %q (%v), want %q", got[:n], err, want)
	}
}

// expectEnd reads the end of a connection.
func expectEnd(tb testing.TB, from io.Reader) {
	tb.Helper()
	if rest, err := io.ReadAll(from); err != nil || len(rest) > 0 {
		tb.Fatalf("got %q (%v), want the end", rest, err)
	}
}

// worker is a backend in the hands of a test.
type worker struct {
	tb testing.TB
	ln *net.TCPListener
	wg sync.WaitGroup

	mu    sync.Mutex
	conns []sock
}

// newWorker serves each connection with serve on a goroutine of its own.
func newWorker(tb testing.TB, serve func(w *worker, c sock)) *worker {
	tb.Helper()
	w := &worker{tb: tb, ln: listen(tb)}
	w.wg.Go(func() {
		for {
			c, err := w.ln.AcceptTCP()
			if err != nil {
				return
			}
			s := newSock(c)
			w.mu.Lock()
			w.conns = append(w.conns, s)
			w.mu.Unlock()
			w.wg.Go(func() {
				defer s.Close()
				serve(w, s)
			})
		}
	})
	tb.Cleanup(w.stop)
	return w
}

// stop closes the worker's listener and connections, as its death would.
func (w *worker) stop() {
	_ = w.ln.Close()
	w.mu.Lock()
	for _, c := range w.conns {
		c.Close()
	}
	w.mu.Unlock()
	w.wg.Wait()
}

// accepted returns how many connections there were.
func (w *worker) accepted() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.conns)
}

// request reads one of the given requests and returns it, or "" at the end of
// the connection. Anything else fails the test.
func (w *worker) request(c io.Reader, known ...string) string {
	got := make([]byte, 0, 64)
	for {
		var one [1]byte
		if _, err := io.ReadFull(c, one[:]); err != nil {
			// What stop has closed is no error, wherever it was.
			if !errors.Is(err, net.ErrClosed) && (len(got) > 0 || !errors.Is(err, io.EOF) && !isReset(err)) {
				w.tb.Errorf("worker read %q, then %v", got, err)
			}
			return ""
		}
		known = slices.DeleteFunc(slices.Clone(known), func(want string) bool {
			return len(got) >= len(want) || want[len(got)] != one[0]
		})
		got = append(got, one[0])
		if len(known) == 0 {
			w.tb.Errorf("worker read %q, which is none of those known", got)
			return ""
		}
		for _, want := range known {
			if len(got) == len(want) {
				return want
			}
		}
	}
}

func isReset(err error) bool {
	return errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
