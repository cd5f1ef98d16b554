package adopt

import (
	"errors"
	"net/netip"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// session answers the calls of one worker and of all it starts.
type session struct {
	notify *os.File // non-blocking, in the runtime's poller
	host   Host
	unix   *UnixSockets // of all workers of the program
	// private holds the addresses that sockets of this worker were bound to,
	// by the address that was wanted.
	private map[netip.AddrPort]netip.AddrPort
	// shared holds those of them that are public, and whether the program
	// itself wants several sockets there (SO_REUSEPORT).
	shared map[netip.AddrPort]bool
	// listens holds the inode of the latest socket that listens at a shared
	// address.
	listens map[netip.AddrPort]uint64
	// kept holds, by the address that they have, those that were bound to the
	// wanted one.
	kept map[netip.AddrPort]kept
}

func newSession(fd int, host Host, shared *UnixSockets) (*session, error) {
	if err := unix.SetNonblock(fd, true); err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return &session{
		notify:  os.NewFile(uintptr(fd), "seccomp-notify"),
		host:    host,
		unix:    shared,
		private: map[netip.AddrPort]netip.AddrPort{},
		shared:  map[netip.AddrPort]bool{},
		listens: map[netip.AddrPort]uint64{},
		kept:    map[netip.AddrPort]kept{},
	}, nil
}

// serve answers until no process with the filter is left.
func (s *session) serve() error {
	defer func() { _ = s.notify.Close() }()
	defer s.unix.leave(s)
	conn, err := s.notify.SyscallConn()
	if err != nil {
		return err
	}
	return conn.Read(func(fd uintptr) (done bool) {
		for {
			waiting, ended := pending(fd)
			if !waiting {
				return ended
			}
			if n, errno := receive(fd); errno == 0 {
				s.handle(fd, n)
			}
		}
	})
}

// handle answers one call. What cannot be understood is left to the kernel.
func (s *session) handle(fd uintptr, n notification) {
	var handled bool
	var errno unix.Errno
	switch n.data.nr {
	case unix.SYS_BIND:
		handled, errno = s.bind(fd, n)
	case unix.SYS_LISTEN:
		handled, errno = s.listen(fd, n)
	case sysUnlink:
		handled, errno = s.unlink(fd, n, n.data.args[0])
	case unix.SYS_UNLINKAT:
		handled, errno = s.unlink(fd, n, n.data.args[1])
	}
	if handled {
		answer(fd, n.id, errno)
		return
	}
	proceed(fd, n.id)
}

func (s *session) bind(fd uintptr, n notification) (handled bool, errno unix.Errno) {
	// The length is an int: the upper half of the register is not part of it.
	raw := make([]byte, min(uint32(n.data.args[2]), unix.SizeofSockaddrUnix))
	if len(raw) == 0 || readMemory(n.tid, n.data.args[1], raw) != nil {
		return false, 0
	}
	want, isIP := parseSockaddr(raw)
	name, isUnix := parseUnixName(raw)
	if !isUnix && (!isIP || want.Port() == 0) {
		return false, 0
	}
	sock, err := borrow(n.tid, int(int32(n.data.args[0])))
	if err != nil {
		return false, 0
	}
	defer func() { _ = unix.Close(sock) }()
	// Only now is it certain that address and socket were this caller's: its
	// tid may have gone to another thread before.
	if !stillValid(fd, n.id) {
		return false, 0
	}
	if isUnix {
		return s.bindUnix(fd, n, sock, name)
	}
	switch kindOf(sock) {
	case kindUDP:
		// The copies of the program bind the same port; without this the
		// second would fail.
		_ = unix.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
		return false, 0
	case kindTCP:
		return s.place(n, sock, want)
	default:
		return false, 0
	}
}

// place binds a TCP socket, to a private address if the wanted one cannot be
// shared with other workers.
func (s *session) place(n notification, sock int, want netip.AddrPort) (handled bool, errno unix.Errno) {
	if local := localAddr(sock); local.Port() != 0 {
		// A signal may have made the thread repeat a call that was answered
		// already; otherwise it is for the kernel to refuse.
		return s.private[want] == local || s.kept[local].want == want, 0
	}
	reuse := option(sock, unix.SOL_SOCKET, unix.SO_REUSEPORT) == 1
	old, again := s.private[want]
	if again && !reuse && s.inTheWay(n.tid, old) {
		return true, unix.EADDRINUSE // as without us: its own first socket is in the way
	}
	family := option(sock, unix.SOL_SOCKET, unix.SO_DOMAIN)
	only6 := takesOnlyIPv6(sock)
	private, refused := s.host.Bind(Bind{Want: want, V6Only: only6})
	if refused != 0 {
		return true, refused
	}
	switch {
	case private == want:
		return true, s.share(sock, family, want, reuse)
	case s.keep(sock, family, kept{want, private}):
		return true, 0
	}
	got, err := bindPrivate(sock, family, private)
	if err != nil {
		var errno unix.Errno
		errors.As(err, &errno)
		return true, errno
	}
	s.private[want] = got
	if got != private {
		s.host.Bound(want, got)
	}
	return true, 0
}

// inTheWay says whether the program itself still listens at an address that a
// socket of it was bound to. The host has a duplicate of one that is shared, so
// that goes on listening when the program has closed it.
func (s *session) inTheWay(tid uint32, old netip.AddrPort) bool {
	if _, shared := s.shared[old]; !shared {
		return listening(old)
	}
	inode, listens := s.listens[old]
	own, err := unix.Getsid(int(tid))
	return listens && err == nil && holder(strconv.FormatUint(inode, 10), func(pid int) bool {
		session, err := unix.Getsid(pid)
		return err == nil && session == own
	}) != ""
}

// share binds a socket to the address that the program wants, beside those of
// the other workers.
func (s *session) share(sock, family int, want netip.AddrPort, reuse bool) unix.Errno {
	_ = unix.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	if err := unix.Bind(sock, sockaddr(family, want)); err != nil {
		var errno unix.Errno
		errors.As(err, &errno)
		return errno
	}
	local := localAddr(sock)
	s.private[want], s.shared[local] = local, reuse
	return 0
}

// bindPrivate binds a socket to a private address, or with another port if that
// one is taken or needs privilege, or on plain loopback where only that exists.
func bindPrivate(sock, family int, addr netip.AddrPort) (netip.AddrPort, error) {
	if family == unix.AF_INET6 { // the private address is an IPv4 one
		_ = unix.SetsockoptInt(sock, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, 0)
	}
	// A wildcard listener of the master on the same port is no conflict if
	// both sockets have this set, socket(7).
	_ = unix.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	var err error
	for _, try := range []netip.AddrPort{
		addr,
		netip.AddrPortFrom(addr.Addr(), 0),
		netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0),
	} {
		if err = unix.Bind(sock, sockaddr(family, try)); err == nil {
			return localAddr(sock), nil
		}
	}
	return netip.AddrPort{}, err
}

// minBacklog is the least accept queue that a worker gets. Programs ask for as
// few as 5, and the router may open hundreds of connections at once; the
// kernel lowers it to net.core.somaxconn, listen(2).
const minBacklog = 4096

// backlog is what a listen asks for, or more.
func backlog(n notification) int { return max(minBacklog, int(int32(n.data.args[1]))) }

func (s *session) listen(fd uintptr, n notification) (handled bool, errno unix.Errno) {
	sock, err := borrow(n.tid, int(int32(n.data.args[0])))
	if err != nil {
		return false, 0
	}
	defer func() { _ = unix.Close(sock) }()
	if !stillValid(fd, n.id) {
		return false, 0
	}
	if option(sock, unix.SOL_SOCKET, unix.SO_DOMAIN) == unix.AF_UNIX {
		s.listenUnix(n, sock)
		return false, 0
	}
	local := localAddr(sock)
	// One that was bound to port 0 may have got the port of a kept one that is
	// closed: it is told by the option that keep sets.
	if k, found := s.kept[local]; found && option(sock, unix.SOL_SOCKET, unix.SO_REUSEPORT) == 1 {
		return true, s.replace(fd, n, sock, k)
	}
	if local.Port() == 0 || !s.owns(local) {
		return false, 0
	}
	if several, shared := s.shared[local]; shared {
		s.listens[local] = inodeOf(sock)
		return true, s.host.Join(Listener{
			Addr: inItsFamily(sock, local), V6Only: takesOnlyIPv6(sock),
			Socket: sock, Backlog: int(int32(n.data.args[1])), Several: several,
		})
	}
	if err := unix.Listen(sock, backlog(n)); err != nil {
		var errno unix.Errno
		errors.As(err, &errno)
		return true, errno
	}
	s.host.Listening(local)
	return true, 0
}

func (s *session) owns(local netip.AddrPort) bool {
	for _, private := range s.private {
		if private == local {
			return true
		}
	}
	return false
}

func takesOnlyIPv6(sock int) bool {
	return option(sock, unix.SOL_SOCKET, unix.SO_DOMAIN) == unix.AF_INET6 &&
		option(sock, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY) == 1
}

type kind int

const (
	kindOther kind = iota
	kindTCP
	kindUDP
)

// kindOf says what a socket of the IP family is. Multipath TCP, which Go's
// listeners use, counts as TCP.
func kindOf(sock int) kind {
	switch option(sock, unix.SOL_SOCKET, unix.SO_TYPE) {
	case unix.SOCK_STREAM:
		switch option(sock, unix.SOL_SOCKET, unix.SO_PROTOCOL) {
		case unix.IPPROTO_TCP, unix.IPPROTO_MPTCP:
			return kindTCP
		}
	case unix.SOCK_DGRAM:
		return kindUDP
	}
	return kindOther
}
