package steer

import (
	"io"
	"net"
	"os"
	"runtime"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// deadline bounds every wait.
const deadline = time.Minute

// rig is a group on a free loopback port.
type rig struct {
	t    *testing.T
	g    *Group
	addr *net.TCPAddr
}

func newRig(t *testing.T) *rig {
	t.Helper()
	return newRigAt(t, "tcp4", "127.0.0.1")
}

func newRigAt(t *testing.T, network, host string) *rig {
	t.Helper()
	g, err := Open(network, net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = g.Anchor().Close() })
	return &rig{t, g, g.Anchor().Addr().(*net.TCPAddr)}
}

// join binds a socket as a worker's would be, and joins it. It returns the
// socket's own descriptor, which stands for the process that has it.
func (r *rig) join(protocol int) (*Member, int) {
	r.t.Helper()
	// In the same family as the anchor's, at the same address.
	raw, err := r.g.Anchor().SyscallConn()
	if err != nil {
		r.t.Fatal(err)
	}
	var family int
	var at unix.Sockaddr
	if err := raw.Control(func(fd uintptr) {
		family, _ = unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DOMAIN)
		at, _ = unix.Getsockname(int(fd))
	}); err != nil {
		r.t.Fatal(err)
	}
	fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		r.t.Fatal(err)
	}
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		r.t.Fatal(err)
	}
	if err := unix.Bind(fd, at); err != nil {
		r.t.Fatal(err)
	}
	m, err := r.g.Join(fd, 16)
	if err != nil {
		r.t.Fatal(err)
	}
	return m, fd
}

// dial opens n connections. They are established when it returns, so each
// stands in some member's queue, or the anchor's.
func (r *rig) dial(n int) {
	r.t.Helper()
	for range n {
		c, err := net.DialTCP("tcp4", nil, r.addr)
		if err != nil {
			r.t.Fatal(err)
		}
		r.t.Cleanup(func() { _ = c.Close() })
	}
}

// awaitQueue waits until n connections wait at m.
func (r *rig) awaitQueue(m *Member, n int) {
	r.t.Helper()
	r.awaitAll([]*Member{m}, n)
}

// awaitAll waits until n connections wait at some members, and returns how many at
// each. The kernel has put them there before a dial returns, or a moment after.
func (r *rig) awaitAll(members []*Member, n int) []int {
	r.t.Helper()
	for end := time.Now().Add(deadline); ; runtime.Gosched() {
		sum, queued := 0, make([]int, len(members))
		for i, m := range members {
			var err error
			if queued[i], err = m.Queue(); err != nil {
				r.t.Fatal(err)
			}
			sum += queued[i]
		}
		if sum == n {
			return queued
		}
		if time.Now().After(end) {
			r.t.Fatalf("%d connections are queued, want %d", sum, n)
		}
	}
}

func (r *rig) setReady(m *Member, ready bool) {
	r.t.Helper()
	if err := m.SetReady(ready); err != nil {
		r.t.Fatal(err)
	}
}

// takeAnchored accepts n connections from the anchor.
func (r *rig) takeAnchored(n int) {
	r.t.Helper()
	_ = r.g.Anchor().SetDeadline(time.Now().Add(deadline))
	for range n {
		c, err := r.g.Anchor().Accept()
		if err != nil {
			r.t.Fatal(err)
		}
		_ = c.Close()
	}
}

func TestOnlyReadyMembersGetConnections(t *testing.T) {
	for name, protocol := range map[string]int{"TCP": unix.IPPROTO_TCP, "multipath TCP": unix.IPPROTO_MPTCP} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a, fdA := r.join(protocol)
			b, fdB := r.join(protocol)
			defer func() { _, _ = unix.Close(fdA), unix.Close(fdB) }()
			r.dial(5)
			r.takeAnchored(5) // nobody is ready
			r.setReady(b, true)
			r.dial(20)
			r.awaitQueue(b, 20)
			r.awaitQueue(a, 0)
			r.setReady(b, false)
			r.setReady(a, true)
			r.dial(20)
			r.awaitQueue(a, 20)
			r.awaitQueue(b, 20)
			if n := r.g.Ready(); n != 1 {
				t.Errorf("%d members are ready, want 1", n)
			}
		})
	}
}

func TestAllReadyMembersGetConnections(t *testing.T) {
	r := newRig(t)
	var members []*Member
	for range 4 {
		m, fd := r.join(unix.IPPROTO_TCP)
		defer func() { _ = unix.Close(fd) }()
		r.setReady(m, true)
		members = append(members, m)
	}
	const n = 400
	r.dial(n)
	for _, got := range r.awaitAll(members, n) {
		if got < n/16 {
			t.Errorf("a member has %d of %d connections", got, n)
		}
	}
}

func TestLeavingCarriesTheQueueAndKeepsTheOrder(t *testing.T) {
	r := newRig(t)
	a, fdA := r.join(unix.IPPROTO_TCP)
	b, fdB := r.join(unix.IPPROTO_MPTCP)
	c, fdC := r.join(unix.IPPROTO_TCP)
	defer func() { _, _ = unix.Close(fdB), unix.Close(fdC) }()
	r.setReady(a, true)
	client, err := net.DialTCP("tcp4", nil, r.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	r.awaitQueue(a, 1)
	_ = unix.Close(fdA) // its process dies
	queued, err := a.Leave()
	if err != nil || len(queued) != 1 {
		t.Fatalf("%d connections were carried over (%v), want 1", len(queued), err)
	}
	if _, err := queued[0].Write([]byte("still here")); err != nil {
		t.Fatal(err)
	}
	_ = queued[0].Close()
	if got, err := io.ReadAll(client); err != nil || string(got) != "still here" {
		t.Errorf("the client read %q (%v)", got, err)
	}
	// c, the last, has a's index now; b keeps its own.
	r.setReady(b, true)
	r.dial(10)
	r.awaitQueue(b, 10)
	r.setReady(b, false)
	r.setReady(c, true)
	r.dial(10)
	r.awaitQueue(c, 10)
	r.awaitQueue(b, 10)
	if again, err := a.Leave(); again != nil || err != nil {
		t.Errorf("leaving twice gave %v, %v", again, err)
	}
}

func TestNoDescriptorStays(t *testing.T) {
	count := func() int {
		fds, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(fds)
	}
	open := func() {
		g, err := Open("tcp4", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		r := &rig{t, g, g.Anchor().Addr().(*net.TCPAddr)}
		m, fd := r.join(unix.IPPROTO_TCP)
		_ = unix.Close(fd)
		if _, err := m.Leave(); err != nil {
			t.Fatal(err)
		}
		_ = g.Anchor().Close()
	}
	open() // what the runtime opens once
	before := count()
	for range 10 {
		open()
	}
	if after := count(); after > before { // others may have ended
		t.Errorf("%d descriptors are open, %d were", after, before)
	}
}

// A program whose sockets are all IPv6 ones binds a v4-mapped address; clients
// come over IPv4.
func TestMappedAddressIsSteered(t *testing.T) {
	r := newRigAt(t, "tcp", "::ffff:127.0.0.1")
	m, fd := r.join(unix.IPPROTO_TCP)
	defer func() { _ = unix.Close(fd) }()
	r.setReady(m, true)
	r.dial(8)
	r.awaitQueue(m, 8)
	if _, err := m.Leave(); err != nil {
		t.Fatal(err)
	}
}

// TestTakeQueue leaves a socket as it was: it may go on to another process.
func TestTakeQueue(t *testing.T) {
	r := newRig(t)
	m, fd := r.join(unix.IPPROTO_TCP)
	defer func() { _ = unix.Close(fd) }()
	r.setReady(m, true)
	r.dial(3)
	r.awaitQueue(m, 3)
	conns := m.TakeQueue()
	if len(conns) != 3 {
		t.Errorf("%d connections are taken, want 3", len(conns))
	}
	for _, c := range conns {
		_ = c.Close()
	}
	if flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFL, 0); err != nil || flags&unix.O_NONBLOCK != 0 {
		t.Errorf("the socket has flags %#x (%v)", flags, err)
	}
	r.dial(2)
	r.awaitQueue(m, 2)
}
