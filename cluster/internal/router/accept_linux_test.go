package router

import (
	"fmt"
	"net/netip"
	"syscall"
	"testing"
)

// slowToAccept is a listener with room for one connection, which the test has taken.
type slowToAccept struct {
	tb   testing.TB
	fd   int
	addr netip.AddrPort
}

func newSlowToAccept(tb testing.TB) *slowToAccept {
	tb.Helper()
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = syscall.Close(fd) })
	if err := syscall.Bind(fd, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		tb.Fatal(err)
	}
	if err := syscall.Listen(fd, 0); err != nil {
		tb.Fatal(err)
	}
	at, err := syscall.Getsockname(fd)
	if err != nil {
		tb.Fatal(err)
	}
	port := at.(*syscall.SockaddrInet4).Port
	l := &slowToAccept{tb, fd, netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), uint16(port))}
	dialRouter(tb, l.addr)
	return l
}

// accept takes a connection and ends it, after saying something.
func (l *slowToAccept) accept(says string) {
	l.tb.Helper()
	fd, _, err := syscall.Accept(l.fd)
	if err != nil {
		l.tb.Fatal(err)
	}
	_, _ = syscall.Write(fd, []byte(says))
	_ = syscall.Close(fd)
}

// TestShiftBeforeTunnel: old code that was slow to accept a connection does not get it
// after the shift.
func TestShiftBeforeTunnel(t *testing.T) {
	for _, first := range []string{"\x01", "\x16\x03\x01", http2Preface} {
		l := newSlowToAccept(t)
		r, p := newRouter(t, Options{})
		out, in := backend(r, p, 1, l.addr), r.NewBackend(2)
		in.Bind(p, addrOf(newWorker(t, func(w *worker, c sock) {
			w.request(c, first)
			fmt.Fprint(c, "new")
		}).ln))
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, first)
		eventually(t, "the old code is picked", func() bool { return out.Stats().InFlight == 1 })
		r.Shift([]*Backend{in}, []*Backend{out})
		for range 2 {
			l.accept("old")
		}
		expect(t, c, "new")
	}
}
