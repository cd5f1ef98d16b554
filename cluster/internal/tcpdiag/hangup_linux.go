package tcpdiag

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// HangUp has the processes that hold some connections find that the peer has ended
// its direction (shutdown(2), SHUT_RD, on a duplicate of their descriptor). A server
// ends a connection then. The peer is told nothing, and what it has sent or sends
// before the end can still be read. Connections that none of the processes holds, or
// that end meanwhile, are left alone.
//
// It fails where descriptors of the processes may not be looked at or duplicated:
// another user's, in a sandbox, before Linux 5.6 (pidfd_getfd(2)).
func HangUp(pids []int, conns []Conn) error {
	wanted := make(map[uint32]bool, len(conns))
	for _, c := range conns {
		wanted[c.Inode] = c.Inode != 0
	}
	var fds descriptors
	var failed error
	err := fds.socketsOfAll(pids, func(s descriptor) (enough bool) {
		if wanted[s.inode] {
			failed = errors.Join(failed, s.hangUp())
		}
		return false
	})
	return errors.Join(err, failed)
}

func (s descriptor) hangUp() error {
	process, err := unix.PidfdOpen(s.pid, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("pidfd_open %d: %w", s.pid, err)
	}
	defer unix.Close(process) //nolint:errcheck // nothing is lost with it
	dup, err := unix.PidfdGetfd(process, s.fd, 0)
	if errors.Is(err, unix.ESRCH) || errors.Is(err, unix.EBADF) {
		return nil // it has been closed
	}
	if err != nil {
		return fmt.Errorf("pidfd_getfd %d of %d: %w", s.fd, s.pid, err)
	}
	defer unix.Close(dup) //nolint:errcheck // the same
	var now unix.Stat_t
	if unix.Fstat(dup, &now) != nil || uint32(now.Ino) != s.inode {
		return nil // the number is somebody else's by now
	}
	if err := unix.Shutdown(dup, unix.SHUT_RD); err != nil && !errors.Is(err, unix.ENOTCONN) {
		return fmt.Errorf("shutdown: %w", err)
	}
	return nil
}
