package adopt

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/unix"
)

// bindUnix answers the bind of a Unix socket that may become a server's.
func (s *session) bindUnix(fd uintptr, n notification, sock int, name unixName) (handled bool, errno unix.Errno) {
	switch option(sock, unix.SOL_SOCKET, unix.SO_TYPE) {
	case unix.SOCK_STREAM, unix.SOCK_SEQPACKET:
		if name.sharesNames(n.tid) {
			return s.unix.bind(s, fd, n, sock, name)
		}
	}
	return false, 0
}

// listenUnix notes that a Unix socket is about to listen. The call continues.
func (s *session) listenUnix(n notification, sock int) {
	if name, listens := s.unix.listen(sock, int(int32(n.data.args[1]))); listens {
		s.host.ListeningUnix(name.String())
	}
}

// unlink answers the removal of a file. That of a socket which others share stays
// where it is: before a worker binds the path anew, or when it ends, it would cut
// them off from their clients. A call that continued could remove the file that
// another worker makes in this moment, so only that of other files does.
func (s *session) unlink(fd uintptr, n notification, address uint64) (handled bool, errno unix.Errno) {
	name, ok := readPath(n.tid, address)
	if !ok {
		return false, 0
	}
	path := seenFrom(n.tid, name)
	id, err := socketAt(path)
	if errors.Is(err, errNoSocket) || !sharesFiles(n.tid) || !stillValid(fd, n.id) {
		return false, 0
	}
	return s.unix.remove(s, n.tid, path, s.unix.hasFile(id) && s.host.Replaced())
}

// bindRaw binds a socket to an address as the program gave it.
func bindRaw(sock int, raw string) unix.Errno {
	b := []byte(raw)
	_, _, errno := unix.Syscall(unix.SYS_BIND, uintptr(sock), uintptr(unsafe.Pointer(&b[0])), uintptr(len(b)))
	return errno
}

// errnoOf returns the errno in an error that may have none.
func errnoOf(err error) unix.Errno {
	errno := unix.EINVAL
	errors.As(err, &errno)
	return errno
}
