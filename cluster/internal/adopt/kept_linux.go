package adopt

import (
	"errors"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// kept is a socket that was bound to the address that its program wants.
type kept struct {
	want    netip.AddrPort
	private netip.AddrPort // the address for it if it listens
}

// keep binds a socket to the address that it wants: at bind nothing tells a
// client that is to connect from there, to anywhere, from a server. If it
// listens after all, it is replaced. keep returns false if the address cannot
// be had, so that only a private one is left.
func (s *session) keep(sock, family int, k kept) bool {
	// The other workers bind the same address, and the master may listen there.
	_ = unix.SetsockoptInt(sock, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1)
	if unix.Bind(sock, sockaddr(family, k.want)) != nil {
		return false
	}
	s.kept[localAddr(sock)] = k
	return true
}

// replace puts a listening socket at the worker's private address in the place
// of one that was kept.
func (s *session) replace(fd uintptr, n notification, sock int, k kept) unix.Errno {
	fresh, got, err := likeness(sock, k.private, backlog(n))
	if err == nil {
		err = install(fd, n, fresh, referencesTo(n.tid, sock))
		_ = unix.Close(fresh)
	}
	if err != nil {
		errno := unix.EINVAL
		errors.As(err, &errno)
		return errno
	}
	s.private[k.want] = got
	if got != k.private {
		s.host.Bound(k.want, got)
	}
	s.host.Listening(got)
	return 0
}

// errNoReference is a process whose descriptors cannot be read in /proc.
var errNoReference = errors.New("the process's descriptors cannot be read")

// install puts a socket in the place of another, wherever the process of the
// waiting call refers to that one. The old one is closed by that.
func install(notify uintptr, n notification, fresh int, old references) error {
	if len(old.descriptors) == 0 {
		return errNoReference
	}
	for _, d := range old.descriptors {
		add := addfd{id: n.id, flags: unix.SECCOMP_ADDFD_FLAG_SETFD, srcfd: uint32(fresh), newfd: uint32(d.fd)}
		if d.closeOnExec {
			add.newfdFlags = unix.O_CLOEXEC
		}
		if errno := ioctl(notify, ioctlAddFD, unsafe.Pointer(&add)); errno != 0 {
			return errno
		}
	}
	for _, r := range old.registrations {
		if err := register(unix.EPOLL_CTL_ADD, n.tid, r, fresh); err != nil {
			return err
		}
	}
	return nil
}
