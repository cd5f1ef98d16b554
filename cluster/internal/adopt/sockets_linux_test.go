package adopt

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

const urgent = unix.SIGURG

func TestBindCloseBind(t *testing.T) {
	host := newHost()
	w := sockets(t, host, "again", publicPort)
	w.expect("ok", "ok", "ok")
	for range 3 {
		host.awaitListening(t)
	}
	expectAnswer(t, w, host.awaitListening(t))
}

func TestSecondBindOfThePort(t *testing.T) {
	plain := sockets(t, newHost(), "second", publicPort, "0")
	plain.expect("EADDRINUSE")
	shared := newHost()
	w := sockets(t, shared, "second", publicPort, "1")
	w.expect("ok", "ok")
	one, two := shared.awaitListening(t), shared.awaitListening(t)
	if one != two {
		t.Errorf("the two sockets listen at %s and %s", one, two)
	}
}

// freePort returns a port for a test that binds it in truth.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

func TestSecondBindOfAPortSharedInTheKernel(t *testing.T) {
	for reuseport, outcome := range map[string]string{"0": "EADDRINUSE", "1": "ok"} {
		host := newHost()
		host.public = true
		sockets(t, host, "second", freePort(t), reuseport).expect(outcome)
	}
	host := newHost()
	host.public = true
	sockets(t, host, "again", freePort(t)).expect("ok", "ok", "ok")
}

// The kernel shares an address between sockets of one family only.
func TestMappedAddressSharedInTheKernel(t *testing.T) {
	host, port := newHost(), freePort(t)
	host.public = true
	sockets(t, host, "serve", "::ffff:127.0.0.1", port, "0")
	if got := host.awaitListening(t); got.String() != "[::ffff:127.0.0.1]:"+port {
		t.Errorf("joined as %s", got)
	}
}

// A process may go on without its first thread, which has no descriptors then. Where
// there are none of other threads (before Linux 6.9) it keeps the port to itself.
func TestLeaderHasEnded(t *testing.T) {
	host, port := newHost(), freePort(t)
	w := sockets(t, host, "leaderless", port, strconv.Itoa(unix.SYS_EXIT))
	w.expect("listens")
	fd, err := unix.PidfdOpen(unix.Gettid(), pidfdThread)
	if err == nil {
		_ = unix.Close(fd)
		expectAnswer(t, w, host.awaitListening(t))
		return
	}
	expectAnswer(t, w, netip.MustParseAddrPort("127.0.0.1:"+port))
	expectUnasked(t, host)
}

func TestSecondBindOfTheSocket(t *testing.T) {
	host := newHost()
	w := sockets(t, host, "twice", publicPort)
	w.expect("EINVAL")
	if n := len(host.asked()); n != 1 {
		t.Errorf("the host was asked %d times", n)
	}
}

func TestHostRefuses(t *testing.T) {
	for errno, name := range map[syscall.Errno]string{syscall.EADDRINUSE: "EADDRINUSE", syscall.EACCES: "EACCES"} {
		host := newHost()
		host.refuse = errno
		sockets(t, host, "bind", publicPort).expect(name)
	}
	host := newHost()
	host.refuse = syscall.EADDRINUSE
	adopted(t, host, goServer(t), "serve", "tcp4", "127.0.0.1:18080").
		expect("listen tcp4 127.0.0.1:18080: bind: address already in use")
}

// TestPrivatePortIsTaken has the private address held by a stranger: the
// worker gets another one and the host hears of it.
func TestPrivatePortIsTaken(t *testing.T) {
	host := newHost()
	want := netip.MustParseAddrPort("127.0.0.1:" + publicPort)
	taken, _ := host.Bind(Bind{Want: want})
	l, err := net.Listen("tcp4", taken.String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	w := sockets(t, host, "serve", "127.0.0.1", publicPort)
	got := host.awaitListening(t)
	expectAnswer(t, w, got)
	if host.moved[want] != got || got == taken || got.Addr() != taken.Addr() {
		t.Errorf("listens at %s instead of %s; the host was told %s", got, taken, host.moved[want])
	}
}

func TestChildrenAreAdopted(t *testing.T) {
	host := newHost()
	w := adopted(t, host, "/bin/sh", "-c", `"$0" testdata/sockets.py serve 0.0.0.0 `+publicPort+` & wait`, python(t))
	if pid := answerFrom(t, "tcp", host.awaitListening(t).String()); pid == w.cmd.Process.Pid {
		t.Error("the shell answers")
	}
}

// TestPreFork has a parent that binds, and two children that accept: from the
// socket that the parent listens on, or after they call listen themselves.
func TestPreFork(t *testing.T) {
	for way, listens := range map[string]int{"prefork": 1, "latelisten": 2} {
		t.Run(way, func(t *testing.T) {
			host := newHost()
			w := sockets(t, host, way, publicPort)
			var addr netip.AddrPort
			for range listens {
				addr = host.awaitListening(t)
			}
			seen := map[int]bool{}
			for end := time.Now().Add(deadline); len(seen) < 2 && time.Now().Before(end); {
				seen[answerFrom(t, "tcp", addr.String())] = true
			}
			if len(seen) != 2 || seen[w.cmd.Process.Pid] {
				t.Errorf("answers from %v, want two children of %d", seen, w.cmd.Process.Pid)
			}
		})
	}
}

// TestEpollBeforeBind registers the socket with epoll before it is bound, and
// accepts through a duplicate of its descriptor.
func TestEpollBeforeBind(t *testing.T) {
	host := newHost()
	w := sockets(t, host, "epoll", publicPort)
	addr := host.awaitListening(t)
	for range 3 {
		expectAnswer(t, w, addr)
	}
}

func TestSocketOptionsAreKept(t *testing.T) {
	for _, reuseAddr := range []string{"1", "0"} {
		host := newHost()
		w := sockets(t, host, "options", publicPort, reuseAddr)
		w.expect("same")
		host.awaitListening(t)
	}
}

// TestCongestion: a private socket does not pace, unless the program wants it to.
func TestCongestion(t *testing.T) {
	w := sockets(t, newHost(), "congestion", publicPort, "")
	usual, now, _ := strings.Cut(w.line(), " ")
	if now != "reno" {
		t.Errorf("%q by default, where %q is usual", now, usual)
	}
	allowed, err := os.ReadFile("/proc/sys/net/ipv4/tcp_allowed_congestion_control")
	if err != nil {
		t.Fatal(err)
	}
	for chosen := range strings.FieldsSeq(string(allowed)) {
		if chosen == usual {
			continue // it cannot be told from not choosing
		}
		w := sockets(t, newHost(), "congestion", publicPort, chosen)
		w.expect(usual + " " + chosen)
	}
}

// TestQueueIsLong opens more connections than the program's backlog of 1 holds,
// while nobody accepts.
func TestQueueIsLong(t *testing.T) {
	host := newHost()
	w := sockets(t, host, "serve", "127.0.0.1", publicPort)
	addr := host.awaitListening(t)
	if err := unix.Kill(w.cmd.Process.Pid, unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	for i := range 100 {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp4", addr.String())
		if err != nil {
			t.Fatalf("connection %d: %v", i, err)
		}
		defer func() { _ = conn.Close() }()
	}
}

// TestPlaceIsIdempotent repeats a bind that was answered already, as a thread
// does that a signal interrupts on kernels before 5.19.
func TestPlaceIsIdempotent(t *testing.T) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Close(fd) }()
	host := newHost()
	s := &session{host: host, private: map[netip.AddrPort]netip.AddrPort{}, shared: map[netip.AddrPort]bool{}, kept: map[netip.AddrPort]kept{}}
	want := netip.MustParseAddrPort("0.0.0.0:" + publicPort)
	for i := range 2 {
		if handled, errno := s.place(notification{tid: uint32(unix.Gettid())}, fd, want); !handled || errno != 0 {
			t.Errorf("bind %d: handled %v, %v", i, handled, errno)
		}
	}
	if len(host.asked()) != 1 {
		t.Errorf("asked for %v", host.asked())
	}
	other := netip.MustParseAddrPort("0.0.0.0:18081")
	if handled, _ := s.place(notification{}, fd, other); handled {
		t.Error("a bound socket was bound to another port")
	}
}

// TestSharedInTheKernel has a host that lets workers have the public address
// itself.
func TestSharedInTheKernel(t *testing.T) {
	addr := netip.MustParseAddrPort(nextIP().String() + ":" + publicPort)
	seen := map[int]bool{}
	for range 2 {
		host := newHost()
		host.public = true
		w := sockets(t, host, "serve", addr.Addr().String(), publicPort)
		if got := host.awaitListening(t); got != addr || host.joined[0].Backlog != 1 || host.joined[0].Several {
			t.Errorf("joined as %+v", host.joined)
		}
		seen[w.cmd.Process.Pid] = false
	}
	for i := 0; i < 200 && (len(seen) != 2 || !all(seen)); i++ {
		seen[answerFrom(t, "tcp4", addr.String())] = true
	}
	if len(seen) != 2 || !all(seen) {
		t.Errorf("answers: %v", seen)
	}
}

func all(seen map[int]bool) bool {
	for _, yes := range seen {
		if !yes {
			return false
		}
	}
	return true
}
