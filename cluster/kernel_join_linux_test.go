package cluster

import (
	"errors"
	"net"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/steer"
)

// joins has a worker listen on a port with a group, and returns how many of the
// group get connections then.
func (r *rig) joins(pid int) (ready int, errno syscall.Errno) {
	r.t.Helper()
	return r.listensOn(pid, r.bound())
}

// bound opens a port with a group, and returns a socket that is bound to it.
func (r *rig) bound() adopt.Listener {
	r.t.Helper()
	group, err := steer.Open("tcp4", "127.0.0.1:0")
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = group.Anchor().Close() })
	p := *r.port
	p.addr, p.kernel = group.Anchor().Addr().(*net.TCPAddr).AddrPort(), &kernelPort{group: group}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		r.t.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(p.addr.Port()), Addr: p.addr.Addr().As4()}); err != nil {
		r.t.Fatal(err)
	}
	r.do(r.ask(func(o *owner) { o.ports = append(o.ports, &p) }))
	return adopt.Listener{Socket: fd, Addr: p.addr}
}

// listensOn has a worker listen on a socket of the newest port, and returns how many
// of that one's group get connections then.
func (r *rig) listensOn(pid int, l adopt.Listener) (ready int, errno syscall.Errno) {
	r.t.Helper()
	w := r.proc(pid).start.host.(host).w
	r.do(r.ask(func(o *owner) {
		errno = o.join(w, l)
		ready = o.ports[len(o.ports)-1].kernel.group.Ready()
	}))
	return ready, errno
}

// TestSpareListensLate: a worker whose generation does not serve gets nothing,
// whatever it listens on.
func TestSpareListensLate(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon, Balance: Kernel}, func(r *rig) {
		r.pass(time.Second)
		r.do(r.RollOut(second, "main.go"))
		r.pass(1500 * time.Millisecond)
		if ready, errno := r.joins(2); ready != 1 || errno != 0 {
			t.Errorf("the new one: %d ready (%v)", ready, errno)
		}
		if ready, errno := r.joins(1); ready != 0 || errno != 0 {
			t.Errorf("the spare: %d ready (%v)", ready, errno)
		}
	})
}

// TestOrphanListens: nothing leads to what a dead worker has left behind.
func TestOrphanListens(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon, Balance: Kernel}, func(r *rig) {
		r.pass(time.Second)
		r.crash(1)
		if ready, errno := r.joins(1); ready != 0 || errno != syscall.EADDRNOTAVAIL {
			t.Errorf("%d ready (%v)", ready, errno)
		}
	})
}

// TestListensAgain: a socket that its program has listen a second time, as a server
// does that is given one that listens, is one member of its group all the same, and
// keeps what is queued at it.
func TestListensAgain(t *testing.T) {
	for _, several := range []bool{true, false} {
		inBubble(t, Options{Workers: 1, Ready: soon, Balance: Kernel}, func(r *rig) {
			r.pass(time.Second)
			l := r.bound()
			l.Several = several
			r.member(l)
			r.connect(l)
			if r.member(l); !queuedWithin(0, l.Socket) {
				t.Error("the worker has lost its connection")
			}
		})
	}
}

// connect opens a connection, which must get into the queue of a socket.
func (r *rig) connect(l adopt.Listener) {
	r.t.Helper()
	c, err := net.DialTCP("tcp4", nil, net.TCPAddrFromAddrPort(l.Addr))
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { _ = c.Close() })
	if !queuedWithin(deadline, l.Socket) {
		r.t.Error("the worker got no connection")
	}
}

// TestListensAfterShutDown: a socket that its program has shut down, as some do for a
// pause, is a member again when it listens again.
func TestListensAfterShutDown(t *testing.T) {
	for _, several := range []bool{true, false} {
		inBubble(t, Options{Workers: 1, Ready: soon, Balance: Kernel}, func(r *rig) {
			r.pass(time.Second)
			l := r.bound()
			l.Several = several
			r.member(l)
			r.do(unix.Shutdown(l.Socket, unix.SHUT_RD))
			r.member(l)
			r.connect(l)
		})
	}
}

// member has the only worker listen on a socket, the only one then that gets
// connections.
func (r *rig) member(l adopt.Listener) {
	r.t.Helper()
	if ready, errno := r.listensOn(1, l); ready != 1 || errno != 0 {
		r.t.Errorf("%d ready (%v)", ready, errno)
	}
}

// queuedWithin says whether a connection waits at a socket within a time.
func queuedWithin(limit time.Duration, sock int) bool {
	p := []unix.PollFd{{Fd: int32(sock), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(p, int(limit.Milliseconds()))
		if !errors.Is(err, unix.EINTR) {
			return n == 1 && p[0].Revents&unix.POLLHUP == 0
		}
	}
}
