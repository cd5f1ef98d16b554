package adopt

import (
	"bytes"
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// fileID tells a file from all others. None has the zero value.
type fileID struct{ dev, ino uint64 }

// socketFile is the file of a socket, which is found even without a name.
type socketFile struct {
	id fileID
	fd int // opened with O_PATH: so long no other file has its number
}

// openFile returns the file at a path, nil if there is none.
func openFile(path string) *socketFile {
	fd, err := unix.Open(path, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil
	}
	var st unix.Stat_t
	if unix.Fstat(fd, &st) != nil || st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		_ = unix.Close(fd)
		return nil
	}
	return &socketFile{fileID{st.Dev, st.Ino}, fd}
}

func (f *socketFile) close() {
	if f != nil {
		_ = unix.Close(f.fd)
	}
}

// removed says whether no name leads to the file.
func (f *socketFile) removed() bool {
	var st unix.Stat_t
	return unix.Fstat(f.fd, &st) == nil && st.Nlink == 0
}

// errNoSocket is a file that is none of a socket.
var errNoSocket = errors.New("the file is no socket's")

// socketAt returns the file of a socket that a path leads to.
func socketAt(path string) (fileID, error) {
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return fileID{}, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFSOCK {
		return fileID{}, errNoSocket
	}
	return fileID{st.Dev, st.Ino}, nil
}

// readPath reads a path from the address of a process that waits in a call. What
// is behind its end may not be readable, if another page begins there.
func readPath(tid uint32, address uint64) (string, bool) {
	page := uint64(os.Getpagesize())
	var path []byte
	for len(path) < unix.PathMax {
		piece := make([]byte, page-address%page)
		if readMemory(tid, address, piece) != nil {
			return "", false
		}
		if i := bytes.IndexByte(piece, 0); i >= 0 {
			return string(append(path, piece[:i]...)), true
		}
		path = append(path, piece...)
		address += uint64(len(piece))
	}
	return "", false
}
