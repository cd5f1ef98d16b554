package tcpdiag

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"

	"golang.org/x/sys/unix"
)

// descriptors reads /proc/PID/fd. Plain system calls with buffers of its own,
// because a busy worker has thousands of entries.
type descriptors struct {
	dir  [16 << 10]byte
	link [64]byte
}

// socketsOfAll calls each for every descriptor of the processes that is a
// socket, until it says that there was enough. A process that is gone has none.
func (d *descriptors) socketsOfAll(pids []int, each func(descriptor) (enough bool)) error {
	for _, pid := range pids {
		enough, err := d.sockets(pid, each)
		if enough {
			return nil
		}
		if err != nil && !errors.Is(err, unix.ENOENT) && !errors.Is(err, unix.ESRCH) {
			return err
		}
	}
	return nil
}

// sockets calls each with every descriptor of a process that is a socket,
// duplicates included, until it says that there was enough.
func (d *descriptors) sockets(pid int, each func(descriptor) bool) (enough bool, err error) {
	path := "/proc/" + strconv.Itoa(pid) + "/fd"
	dir, err := unix.Open(path, unix.O_RDONLY|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	if err != nil {
		return false, fmt.Errorf("open %s: %w", path, err)
	}
	defer unix.Close(dir) //nolint:errcheck // it was only read from
	for {
		n, err := unix.Getdents(dir, d.dir[:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return false, fmt.Errorf("read %s: %w", path, err)
		}
		if n <= 0 {
			return false, nil
		}
		for name := range entryNames(d.dir[:n]) {
			s, ok := d.socket(dir, name)
			if s.pid = pid; ok && each(s) {
				return true, nil
			}
		}
	}
}

// socket reads one link in the directory. ok is false for what is no socket, or
// was closed meanwhile.
func (d *descriptors) socket(dir int, name []byte) (s descriptor, ok bool) {
	fd, err := strconv.Atoi(string(name))
	if err != nil { // the directory and its parent
		return s, false
	}
	n, err := unix.Readlinkat(dir, string(name), d.link[:])
	if err != nil {
		return s, false
	}
	s.fd = fd
	s.inode, ok = socketInode(d.link[:n])
	return s, ok
}

// socketInode parses "socket:[N]" (proc_pid_fd(5)).
func socketInode(link []byte) (inode uint32, ok bool) {
	number, ok := bytes.CutPrefix(link, []byte("socket:["))
	if !ok {
		return 0, false
	}
	number, ok = bytes.CutSuffix(number, []byte("]"))
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseUint(string(number), 10, 32)
	return uint32(n), err == nil
}

// entryNames walks what getdents64(2) returns, up to the first entry that is
// cut or has no name.
func entryNames(entries []byte) func(yield func([]byte) bool) {
	const lengthAt, nameAt = 16, 19 // in struct linux_dirent64
	return func(yield func([]byte) bool) {
		for len(entries) > nameAt {
			length := int(binary.NativeEndian.Uint16(entries[lengthAt:]))
			if length <= nameAt || length > len(entries) {
				return
			}
			name, _, _ := bytes.Cut(entries[nameAt:length], []byte{0})
			if len(name) == 0 || !yield(name) {
				return
			}
			entries = entries[length:]
		}
	}
}
