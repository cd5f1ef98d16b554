package router

import (
	"context"
	"errors"
	"net"
	"syscall"
	"time"
)

// upstream is one connection to a backend.
type upstream struct {
	wire
	route *route
	// In clock time.
	opened int64
	idle   int64 // when it was put into the pool
	used   bool  // it has been idle before
	bodied bool  // it has carried a body
	word   lastWord
	// finished is set by the uplink: the backend was given the client's end.
	finished bool
	sealed   sealing // written under route.mu
	// http2 looks on at what it carries, if that is HTTP/2. Under route.mu.
	http2 *http2
}

// dialTimeout bounds a connect. On a loopback address only a full accept queue
// makes one wait, and then for the kernel's retry after 1, 3 or 7 seconds.
const dialTimeout = 10 * time.Second

// dialer leaves keep-alive probes out: the peer is on this machine.
var dialer = net.Dialer{Timeout: dialTimeout, KeepAlive: -1, Control: func(_, _ string, c syscall.RawConn) error {
	Unpace(c)
	return nil
}}

// dial opens a new connection for rt. Dialer.DialTCP would bind a port before it
// connects: one that nobody on the machine uses for anything, which takes long to
// find when thousands are in use, and runs out. DialContext leaves it to connect,
// to which a port is free that is not in use for the same destination.
func dial(ctx context.Context, rt *route) (*upstream, error) {
	began := clock()
	opened, err := dialer.DialContext(ctx, "tcp", rt.addr.String())
	if err != nil {
		return nil, err
	}
	tcp := opened.(*net.TCPConn)
	up := &upstream{route: rt, opened: began}
	if err := up.init(tcp); err != nil {
		_ = tcp.Close()
		return nil, err
	}
	if !rt.adopt(up) {
		_ = tcp.Close()
		return nil, errClosed
	}
	return up, nil
}

// close ends the connection.
func (up *upstream) close() {
	_ = up.tcp.Close()
	up.route.disown(up)
}

// abort ends the connection so that the backend feels an error at once.
func (up *upstream) abort() {
	up.reset()
	up.route.disown(up)
}

// finish gives the backend the end of the client's direction.
func (up *upstream) finish() {
	up.word.client()
	up.halfClose()
	up.finished = true
}

// orphaned says whether the backend was closed, so that nothing will come that
// is not here already.
func (up *upstream) orphaned() bool { return up.route.b.state.Load() == stateClosed }

// goOn lets reads wait again after an interruption, unless the connection is an
// orphan: that stays interrupted.
func (up *upstream) goOn() bool {
	if up.orphaned() {
		return false
	}
	up.resume()
	if up.orphaned() {
		up.interrupt() // which resume may have undone
		return false
	}
	return true
}

// drain reads what is left of an orphan. At the end the error is errLost.
func (up *upstream) drain(b []byte) (int, error) {
	n, err := up.poll(b)
	if errors.Is(err, syscall.EAGAIN) {
		return 0, errLost
	}
	return n, err
}

// quiet says whether the connection is open and nothing has come from the
// backend. b is scratch space.
func (up *upstream) quiet(b []byte) bool {
	_, err := up.poll(b)
	return errors.Is(err, syscall.EAGAIN)
}
