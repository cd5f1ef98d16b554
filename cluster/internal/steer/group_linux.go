package steer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"syscall"

	"golang.org/x/net/bpf"
	"golang.org/x/sys/unix"
)

// minBacklog is the least accept queue that a member gets; the kernel lowers
// it to net.core.somaxconn, listen(2).
const minBacklog = 4096

// Group is the sockets that listen on one public address.
type Group struct {
	anchor  *net.TCPListener
	members []*Member // in the kernel's order, from index 1 on
}

// Member is a worker's socket in a group.
type Member struct {
	group *Group
	fd    int // the master's duplicate, -1 once it has left
	inode uint32
	ready bool
}

// Open makes a group whose anchor listens on addr. network is "tcp", "tcp4" or
// "tcp6" and decides, as net.Listen does, what an IPv6 wildcard takes.
func Open(network, addr string) (*Group, error) {
	ln, err := listen(network, addr)
	if err != nil {
		return nil, err
	}
	g := &Group{anchor: ln.(*net.TCPListener)}
	if err := g.steer(); err != nil {
		_ = ln.Close()
		return nil, err
	}
	return g, nil
}

func listen(network, addr string) (net.Listener, error) {
	if at, err := netip.ParseAddrPort(addr); err == nil && at.Addr().Is4In6() {
		return listenMapped(at)
	}
	lc := net.ListenConfig{KeepAlive: -1, Control: reusePort}
	lc.SetMultipathTCP(false)
	return lc.Listen(context.Background(), network, addr)
}

// listenMapped listens on a v4-mapped address with an IPv6 socket. Package net
// would take an IPv4 one, which cannot be in a group with those of programs that
// have IPv6 sockets throughout, such as Java's.
func listenMapped(at netip.AddrPort) (net.Listener, error) {
	fd, err := unix.Socket(unix.AF_INET6, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	file := os.NewFile(uintptr(fd), "anchor")
	defer func() { _ = file.Close() }() // the listener has a duplicate of its own
	err = errors.Join(
		unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0),
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1),
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1),
	)
	if err != nil {
		return nil, os.NewSyscallError("setsockopt", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet6{Addr: at.Addr().As16(), Port: int(at.Port())}); err != nil {
		return nil, os.NewSyscallError("bind", err)
	}
	if err := unix.Listen(fd, minBacklog); err != nil {
		return nil, os.NewSyscallError("listen", err)
	}
	return net.FileListener(file)
}

func reusePort(_, _ string, c syscall.RawConn) error {
	var failed error
	if err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	}); err != nil {
		return err
	}
	return failed
}

// Anchor returns the master's own listener, which gets the connections that no
// member is ready for. Closing it is the caller's, after the last use of the group.
func (g *Group) Anchor() *net.TCPListener { return g.anchor }

// Join makes a socket, bound to the group's address with SO_REUSEPORT, listen
// as a member, which is not ready yet. The socket stays the caller's; the group
// keeps a duplicate.
func (g *Group) Join(sock, backlog int) (*Member, error) {
	g.forgetShutDown()
	fd, err := unix.FcntlInt(uintptr(sock), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("duplicate a worker's socket: %w", err)
	}
	// The anchor is all the kernel may pick while the newcomer's index is not
	// in the program.
	if err := unix.Listen(fd, max(minBacklog, backlog)); err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("listen: %w", err)
	}
	inode, err := inodeOf(fd)
	if err != nil {
		_ = unix.Close(fd)
		return nil, fmt.Errorf("stat a worker's socket: %w", err)
	}
	m := &Member{group: g, fd: fd, inode: inode}
	g.members = append(g.members, m)
	return m, g.steer()
}

// Inode returns the socket's number, as in "socket:[N]" of /proc/PID/fd.
func (m *Member) Inode() uint32 { return m.inode }

// Is says whether a socket is the member's.
func (m *Member) Is(sock int) bool {
	inode, err := inodeOf(sock)
	return err == nil && inode == m.inode
}

func inodeOf(sock int) (uint32, error) {
	var st unix.Stat_t
	err := unix.Fstat(sock, &st)
	return uint32(st.Ino), err
}

// SetReady lets a member have new connections, or no more of them. It keeps
// what is queued.
func (m *Member) SetReady(ready bool) error {
	if m.fd < 0 || m.ready == ready {
		return nil
	}
	m.ready = ready
	m.group.forgetShutDown()
	return m.group.steer()
}

// Retire lets a member have no more connections than those that are queued at it
// or in the handshake already. With TCP_DEFER_ACCEPT (tcp(7)) a handshake lasts until
// the client's first data, which may never come. Without, it ends when the client
// answers the next SYN-ACK, which the kernel goes on to send (seen on Linux 6.18).
func (m *Member) Retire() error {
	// If that cannot be set, some handshakes last longer.
	_ = unix.SetsockoptInt(m.fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 0)
	return m.SetReady(false)
}

// Ready says how many members get new connections.
func (g *Group) Ready() int {
	n := 0
	for _, m := range g.members {
		if m.ready {
			n++
		}
	}
	return n
}

// steer attaches the program for the members that are ready now. It does nothing once
// the anchor is closed: the group is then given up, and index 0 is a member's.
func (g *Group) steer() error {
	var ready []uint32
	for i, m := range g.members {
		if m.ready {
			ready = append(ready, uint32(i+1))
		}
	}
	code, err := bpf.Assemble(program(ready))
	if err != nil {
		return fmt.Errorf("assemble the steering program: %w", err)
	}
	filter := make([]unix.SockFilter, len(code))
	for i, c := range code {
		filter[i] = unix.SockFilter{Code: c.Op, Jt: c.Jt, Jf: c.Jf, K: c.K}
	}
	raw, err := g.anchor.SyscallConn()
	if err != nil {
		return err
	}
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	var failed error
	if err := raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptSockFprog(int(fd), unix.SOL_SOCKET, unix.SO_ATTACH_REUSEPORT_CBPF, &prog)
	}); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	if failed != nil {
		return fmt.Errorf("steer connections: %w", failed)
	}
	return nil
}

// Listens says whether a member's socket still listens. It does not once it was
// shut down, in whatever process, and has left the kernel's order by that.
func (m *Member) Listens() bool {
	const listen = 10 // TCP_LISTEN, include/net/tcp_states.h
	info, err := m.info()
	return err == nil && info.State == listen
}

// Leave takes a member out of the group and returns what was still queued at
// it. Its process must be dead, or have closed the socket or shut it down: the
// socket no longer listens after this, in whatever process it is.
func (m *Member) Leave() (queued []*net.TCPConn, err error) {
	if m.fd < 0 {
		return nil, nil
	}
	g := m.group
	g.forgetShutDown()
	i, n := slices.Index(g.members, m), len(g.members)-1
	if i < 0 { // the kernel has taken it out, and reset what was queued
		m.close()
		return nil, g.steer()
	}
	// The last member is to get another index, so neither is picked meanwhile.
	last := g.members[n]
	lastReady := last.ready && last != m
	m.ready, last.ready = false, false
	err = g.steer()
	queued = m.TakeQueue()
	// Shutting it down takes it out of the group even if some process still
	// has it open.
	_ = unix.Shutdown(m.fd, unix.SHUT_RDWR)
	m.close()
	last.ready = lastReady
	g.remove(i)
	return queued, errors.Join(err, g.steer())
}

func (m *Member) close() {
	_ = unix.Close(m.fd)
	m.fd = -1
}

// forgetShutDown takes out of the order whose sockets were shut down, as the kernel
// has at once. Which of several was first is not told: the order of the members is
// taken for it.
func (g *Group) forgetShutDown() {
	for i := 0; i < len(g.members); {
		if g.members[i].Listens() {
			i++
			continue
		}
		g.remove(i)
	}
}

// remove takes a member out of the order as the kernel does: the last takes its index.
func (g *Group) remove(i int) {
	n := len(g.members) - 1
	g.members[i] = g.members[n]
	g.members = g.members[:n]
}

// TakeQueue accepts what is queued at a member, without waiting.
func (m *Member) TakeQueue() []*net.TCPConn {
	if m.fd < 0 {
		return nil
	}
	// The flag is one of all who have the socket (open(2), "open file
	// description"): who gets it back finds it as it was.
	flags, err := unix.FcntlInt(uintptr(m.fd), unix.F_GETFL, 0)
	if err != nil || unix.SetNonblock(m.fd, true) != nil {
		return nil
	}
	defer func() { _, _ = unix.FcntlInt(uintptr(m.fd), unix.F_SETFL, flags) }()
	var conns []*net.TCPConn
	for {
		fd, _, err := unix.Accept4(m.fd, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK)
		switch {
		case errors.Is(err, unix.EINTR) || errors.Is(err, unix.ECONNABORTED):
			continue
		case err != nil:
			return conns
		}
		if c := tcpConn(fd); c != nil {
			conns = append(conns, c)
		}
	}
}

func tcpConn(fd int) *net.TCPConn {
	file := os.NewFile(uintptr(fd), "carried over")
	defer func() { _ = file.Close() }()
	c, err := net.FileConn(file) // has a duplicate of its own
	if err != nil {
		return nil
	}
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		_ = c.Close()
		return nil
	}
	return tcp
}

// Queue returns how many connections wait to be accepted by the member.
func (m *Member) Queue() (int, error) {
	if m.fd < 0 {
		return 0, nil
	}
	info, err := m.info()
	if err != nil {
		return 0, fmt.Errorf("read the accept queue: %w", err)
	}
	return int(info.Unacked), nil // tcpi_unacked of a listener, tcp(7)
}

func (m *Member) info() (*unix.TCPInfo, error) {
	return unix.GetsockoptTCPInfo(m.fd, unix.IPPROTO_TCP, unix.TCP_INFO)
}
