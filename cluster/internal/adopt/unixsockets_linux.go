package adopt

import (
	"errors"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// UnixSockets are the Unix sockets that the workers of one program listen on
// together. Its zero value has none. All sessions of the program use it.
//
// The first worker that binds a name makes the socket; the bind of another one
// is answered with a duplicate of it, so they accept from one queue. A duplicate
// is kept here, too: what is queued outlasts every worker. Close gives it up.
type UnixSockets struct {
	mu  sync.Mutex
	all []*unixSocket
}

// unixSocket is one of them.
type unixSocket struct {
	fd      int    // of the duplicate
	inode   uint64 // of the socket itself
	kind    int    // SO_TYPE
	name    unixName
	file    *socketFile // nil for an abstract name
	listens bool
	// users are the workers that have bound it, and have not removed its file
	// since.
	users map[*session]bool
}

// bind binds a worker's socket to a name, or puts the shared one in its place.
// handled is false if that is for the kernel to do.
func (x *UnixSockets) bind(s *session, notify uintptr, n notification, sock int, name unixName) (handled bool, errno unix.Errno) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.drop((*unixSocket).over)
	u := x.named(n.tid, name)
	switch {
	case u == nil:
		return x.first(s, n.tid, sock, name)
	case u.inode == inodeOf(sock):
		// A signal may have made the thread repeat a call that was answered.
		return true, 0
	case u.kind != option(sock, unix.SOL_SOCKET, unix.SO_TYPE):
		return false, 0
	case u.users[s] && len(referencesTo(n.tid, u.fd).descriptors) > 0:
		return false, 0 // its own first socket is in the way
	}
	if err := install(notify, n, u.fd, referencesTo(n.tid, sock)); err != nil {
		return true, errnoOf(err)
	}
	u.users[s] = true
	return true, 0
}

// first binds the program's own socket, and keeps a duplicate for the others.
func (x *UnixSockets) first(s *session, tid uint32, sock int, name unixName) (handled bool, errno unix.Errno) {
	handled, errno = name.bind(tid, sock)
	if !handled || errno != 0 {
		return handled, errno
	}
	u := &unixSocket{
		inode: inodeOf(sock), kind: option(sock, unix.SOL_SOCKET, unix.SO_TYPE),
		name: name, users: map[*session]bool{s: true},
	}
	if !name.abstract() {
		if u.file = openFile(name.seenFrom(tid)); u.file == nil {
			return true, 0 // it is bound; where, nobody can tell any more
		}
	}
	var err error
	if u.fd, err = unix.FcntlInt(uintptr(sock), unix.F_DUPFD_CLOEXEC, 0); err != nil {
		u.file.close()
		return true, 0
	}
	x.all = append(x.all, u)
	return true, 0
}

// named returns the socket that a worker means by a name, nil if there is none.
func (x *UnixSockets) named(tid uint32, name unixName) *unixSocket {
	if name.abstract() {
		for _, u := range x.all {
			if u.name == name {
				return u
			}
		}
		return nil
	}
	id, _ := socketAt(name.seenFrom(tid))
	return x.at(id)
}

// at returns the socket with a file.
func (x *UnixSockets) at(id fileID) *unixSocket {
	for _, u := range x.all {
		if u.file != nil && u.file.id == id {
			return u
		}
	}
	return nil
}

// listen has a socket listen, if it is shared. The program's own call is to
// follow: clients are told who that was (SO_PEERCRED, unix(7)).
func (x *UnixSockets) listen(sock, backlog int) (name unixName, listens bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	inode := inodeOf(sock)
	for _, u := range x.all {
		if u.inode == inode && unix.Listen(sock, backlog) == nil {
			u.listens = true
			return u.name, true
		}
	}
	return unixName{}, false
}

// hasFile says whether a file is that of a shared socket.
func (x *UnixSockets) hasFile(id fileID) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.at(id) != nil
}

// remove removes the file of a socket, if there is one, for a worker that wants it
// gone. That of a shared one goes with the last worker that has it, unless that is
// to be replaced by another one; so long the worker is only told that it has gone.
func (x *UnixSockets) remove(s *session, tid uint32, path string, replaced bool) (handled bool, errno unix.Errno) {
	x.mu.Lock()
	defer x.mu.Unlock()
	id, err := socketAt(path)
	if err != nil {
		return errors.Is(err, unix.ENOENT), unix.ENOENT
	}
	if u := x.at(id); u != nil {
		last := u.users[s] && len(u.users) == 1
		delete(u.users, s)
		if !last || replaced {
			return true, 0
		}
		x.drop(func(other *unixSocket) bool { return other == u })
	}
	if like, err := likeThread(tid); err != nil || len(like) > 1 {
		return false, 0 // another user may not be allowed to
	}
	errors.As(unix.Unlink(path), &errno)
	return true, errno
}

// leave notes that nothing of a worker is left.
func (x *UnixSockets) leave(s *session) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, u := range x.all {
		delete(u.users, s)
	}
	x.drop((*unixSocket).over)
}

// Retire has processes accept no more from the queues that they share, as far as
// they wait for connections with epoll(7). Who waits in accept(2) itself cannot be
// called off. It returns what Recall takes back.
func (x *UnixSockets) Retire(processes []int) Retired {
	x.mu.Lock()
	defer x.mu.Unlock()
	var out Retired
	for _, pid := range processes {
		for _, u := range x.all {
			for _, r := range referencesTo(uint32(pid), u.fd).registrations {
				if register(unix.EPOLL_CTL_DEL, uint32(pid), r, u.fd) == nil {
					out.from = append(out.from, retired{u, uint32(pid), r})
				}
			}
		}
	}
	return out
}

// Retired is what processes have been kept from.
type Retired struct{ from []retired }

type retired struct {
	socket *unixSocket
	pid    uint32
	r      registration
}

// Recall has processes accept again, as far as they and the sockets are there.
func (x *UnixSockets) Recall(out Retired) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, f := range out.from {
		if slices.Contains(x.all, f.socket) {
			_ = register(unix.EPOLL_CTL_ADD, f.pid, f.r, f.socket.fd)
		}
	}
}

// Sweep gives up the sockets that are of no use any more: they have turned out to
// be clients', or the like.
func (x *UnixSockets) Sweep() {
	if !x.mu.TryLock() { // somebody waits for a program's file system
		return
	}
	defer x.mu.Unlock()
	x.drop((*unixSocket).over)
}

// Close gives up all sockets. Their files are left as they are.
func (x *UnixSockets) Close() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.drop(func(*unixSocket) bool { return true })
}

// drop gives up some of the sockets.
func (x *UnixSockets) drop(which func(*unixSocket) bool) {
	kept := x.all[:0]
	for _, u := range x.all {
		if !which(u) {
			kept = append(kept, u)
			continue
		}
		_ = unix.Close(u.fd)
		u.file.close()
	}
	x.all = kept
}

// over says whether a socket cannot be shared any more.
func (u *unixSocket) over() bool {
	switch {
	case !u.listens: // nobody is left to, or it was a client's
		_, err := unix.Getpeername(u.fd)
		return len(u.users) == 0 || err == nil
	case u.shutDown():
		return true
	}
	return len(u.users) == 0 && u.file != nil && u.file.removed()
}

// shutDown says whether a worker has had the socket take no more connections,
// for all of them (shutdown(2)).
func (u *unixSocket) shutDown() bool {
	p := []unix.PollFd{{Fd: int32(u.fd), Events: unix.POLLRDHUP}}
	n, err := unix.Poll(p, 0)
	return err == nil && n == 1 && p[0].Revents&unix.POLLRDHUP != 0
}
