package cluster

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// The load: so many requests a second from so many clients, which send one after
// the other. On a machine that is too slow for it there are fewer.
const (
	loadRate    = 4000
	loadClients = 32
	loadTick    = 5 * time.Millisecond
)

var loadMethods = []string{"GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"}

// load is clients that know no mercy: a request that is not answered on the
// connection it was sent on is lost, and nothing is sent twice.
type load struct {
	t         *testing.T
	addr      string
	keepAlive bool

	due    chan int // numbers of requests whose time has come
	sent   atomic.Int64
	ticks  atomic.Int64
	moved  chan struct{} // holds a token after sent or ticks has changed
	cancel context.CancelFunc
	all    sync.WaitGroup

	mu     sync.Mutex
	failed []failure
}

// failure is a request without a good answer.
type failure struct {
	method       string
	status       int // 0 if there was no answer
	err          error
	began, ended time.Time
}

// startLoad starts it, on a port (":8080") or the path of a Unix socket. It is
// stopped by stop, or with the test.
func startLoad(t *testing.T, addr string, keepAlive bool) *load {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	l := &load{
		t: t, addr: addr, keepAlive: keepAlive,
		due: make(chan int, loadClients), moved: make(chan struct{}, 1), cancel: cancel,
	}
	l.all.Go(func() { l.pace(ctx) })
	for range loadClients {
		l.all.Go(l.client)
	}
	t.Cleanup(func() { l.stop() })
	return l
}

// pace makes requests due until ctx ends. Those that no client is free for are
// left out.
func (l *load) pace(ctx context.Context) {
	defer close(l.due)
	tick := time.NewTicker(loadTick)
	defer tick.Stop()
	for n := 0; ; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		for range loadRate * loadTick / time.Second {
			select {
			case l.due <- n:
				n++
			default:
			}
		}
		l.ticks.Add(1)
		l.progress()
	}
}

func (l *load) progress() {
	select {
	case l.moved <- struct{}{}:
	default:
	}
}

// client sends what is due. Between requests it keeps its connection, if it is
// to, for as long as the last answer does not say otherwise.
func (l *load) client() {
	var c *loadConn
	for n := range l.due {
		began := time.Now()
		method := loadMethods[n%len(loadMethods)]
		var status int
		var err error
		if c == nil {
			c, err = dialLoad(l.addr)
		}
		if err == nil {
			status, err = c.ask(method, n, l.keepAlive)
		}
		if err != nil {
			l.mu.Lock()
			l.failed = append(l.failed, failure{method, status, err, began, time.Now()})
			l.mu.Unlock()
		}
		if c != nil && (err != nil || c.last || !l.keepAlive) {
			c.Close()
			c = nil
		}
		l.sent.Add(1)
		l.progress()
	}
	if c != nil {
		c.Close()
	}
}

// more waits until n more requests have ended, or fewer with the race detector.
func (l *load) more(n int64) { l.t.Helper(); l.await(&l.sent, n/lighter) }

// pass waits for as many ticks as there are in d.
func (l *load) pass(d time.Duration) { l.t.Helper(); l.await(&l.ticks, int64(d/loadTick)) }

func (l *load) await(count *atomic.Int64, n int64) {
	l.t.Helper()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for want := count.Load() + n; count.Load() < want; {
		select {
		case <-l.moved:
		case <-timeout.C:
			l.t.Fatalf("the load came to a halt after %d requests", l.sent.Load())
		}
	}
}

// stop ends the load, with all that was sent answered, and returns what failed.
func (l *load) stop() []failure {
	l.cancel()
	l.all.Wait()
	return l.failed
}

// none fails the test if anything has failed.
func (l *load) none() {
	l.t.Helper()
	failed := l.stop()
	for _, f := range failed[:min(len(failed), 5)] {
		l.t.Errorf("%s failed: status %d, %v", f.method, f.status, f.err)
	}
	if len(failed) > 0 {
		l.t.Errorf("%d of %d requests failed", len(failed), l.sent.Load())
	}
}

// loadConn is one connection of a client.
type loadConn struct {
	net.Conn

	in   *bufio.Reader
	last bool // the server said that the last answer was the last one
}

// dialLoad connects to a port (":8080"), a host's port, or the path of a Unix socket.
func dialLoad(addr string) (*loadConn, error) {
	network := "tcp"
	switch {
	case strings.HasPrefix(addr, ":"):
		addr = "127.0.0.1" + addr
	case strings.Contains(addr, "/"):
		network = "unix"
	}
	conn, err := net.Dial(network, addr)
	if err != nil {
		return nil, err
	}
	return &loadConn{Conn: conn, in: bufio.NewReader(conn)}, conn.SetDeadline(time.Now().Add(deadline))
}

// ask sends request n and checks the answer. Every third one with a
// body leaves in two pieces.
func (c *loadConn) ask(method string, n int, keepAlive bool) (status int, err error) {
	head := fmt.Sprintf("%s /%d HTTP/1.1\r\nHost: load\r\n", method, n)
	if !keepAlive {
		head += "Connection: close\r\n"
	}
	body := ""
	if method != http.MethodGet && method != http.MethodHead {
		body = fmt.Sprintf("%d%s", n, strings.Repeat(" body", 60))
		head += fmt.Sprintf("Content-Length: %d\r\n", len(body))
	}
	head += "\r\n"
	pieces := []string{head + body}
	if n%3 == 0 && body != "" { // nothing is sent to who may have closed
		pieces = []string{head, body}
	}
	for _, p := range pieces {
		if _, err := io.WriteString(c, p); err != nil {
			return 0, err
		}
	}
	return c.answer(method, body)
}

// answer reads an answer of the program "http", which returns the body.
func (c *loadConn) answer(method, body string) (status int, err error) {
	resp, err := http.ReadResponse(c.in, &http.Request{Method: method})
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	c.last = resp.Close
	got, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return resp.StatusCode, err
	case resp.StatusCode != http.StatusOK:
		return resp.StatusCode, fmt.Errorf("%s: %.200q", resp.Status, got)
	case method != http.MethodHead && !strings.HasSuffix(string(got), body):
		return resp.StatusCode, errors.New("the answer is to something else")
	}
	return resp.StatusCode, nil
}
