package tcpdiag

import (
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// control calls f with a socket's descriptor.
func control(t *testing.T, s syscall.Conn, f func(fd int)) {
	t.Helper()
	raw, err := s.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if err := raw.Control(func(fd uintptr) { f(int(fd)) }); err != nil {
		t.Fatal(err)
	}
}

func queue(t *testing.T, l *net.TCPListener) (n int) {
	t.Helper()
	control(t, l, func(fd int) {
		var err error
		if n, err = Queue(fd); err != nil {
			t.Fatal(err)
		}
	})
	return n
}

// protocol returns what SO_PROTOCOL of <asm-generic/socket.h> tells.
func protocol(t *testing.T, l *net.TCPListener) (proto int) {
	t.Helper()
	control(t, l, func(fd int) {
		var err error
		if proto, err = unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_PROTOCOL); err != nil {
			t.Fatal(err)
		}
	})
	return proto
}

func TestQueue(t *testing.T) {
	enabled, _ := os.ReadFile("/proc/sys/net/mptcp/enabled")
	for _, listener := range []bool{false, true} {
		want := unix.IPPROTO_TCP
		if listener && strings.TrimSpace(string(enabled)) == "1" {
			want = unix.IPPROTO_MPTCP
		}
		for _, client := range []bool{false, true} {
			t.Run(fmt.Sprintf("MPTCP listener %v client %v", listener, client), func(t *testing.T) {
				l := listen(t, "tcp4", "127.0.0.1:0", listener)
				if got := protocol(t, l); got != want {
					t.Fatalf("listener of protocol %d, want %d", got, want)
				}
				if n := queue(t, l); n != 0 {
					t.Errorf("%d in the queue before the first client", n)
				}
				for i := range 5 {
					dial(t, l, "127.0.0.1", client)
					eventually(t, "a client in the queue", func() bool { return queue(t, l) == i+1 })
				}
				for i := range 5 {
					accept(t, l)
					if n := queue(t, l); n != 4-i {
						t.Errorf("%d in the queue, want %d", n, 4-i)
					}
				}
			})
		}
	}
}

// TestQueueOfADuplicate is how the master asks: it keeps a duplicate of the
// socket that it gave to a worker.
func TestQueueOfADuplicate(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	kept, err := l.File()
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	dial(t, l, "127.0.0.1", false)
	_ = l.Close()
	eventually(t, "the client in the duplicate's queue", func() bool {
		n, err := Queue(int(kept.Fd()))
		if err != nil {
			t.Fatal(err)
		}
		return n == 1
	})
}

func TestQueueRefuses(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	control(t, dial(t, l, "127.0.0.1", false), func(fd int) {
		if n, err := Queue(fd); err == nil {
			t.Errorf("a queue of %d at a connection", n)
		}
	})
	udp, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = udp.Close() })
	control(t, udp.(*net.UDPConn), func(fd int) {
		if n, err := Queue(fd); err == nil {
			t.Errorf("a queue of %d at a UDP socket", n)
		}
	})
	if n, err := Queue(-1); err == nil {
		t.Errorf("a queue of %d at no descriptor", n)
	}
}
