package cluster

import (
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
	w := r.proc(pid).start.host.(host).w
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
	r.do(r.ask(func(o *owner) {
		o.ports = append(o.ports, &p)
		errno = o.join(w, adopt.Listener{Socket: fd, Addr: p.addr})
		ready = group.Ready()
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
