package router

import (
	"sync"
	"syscall"
)

const (
	// pipeSize is how much is moved at once. The kernel may grant less; the
	// limit for all pipes of a user is 64 MB (pipe(7)).
	pipeSize = 1 << 20
	// sparePipes is how many pipes are kept for the next move.
	sparePipes = 16

	setPipeSize    = 1031 // F_SETPIPE_SZ (fcntl.h)
	spliceNonBlock = 2    // SPLICE_F_NONBLOCK (fcntl.h)
)

// pipe holds bytes on their way between two sockets.
type pipe struct{ r, w int }

// pipes are empty ones, to be used again.
type pipes struct {
	mu    sync.Mutex
	spare []pipe
}

// take returns an empty pipe, and false if there is none to be had.
func (p *pipes) take() (pipe, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := len(p.spare); n > 0 {
		q := p.spare[n-1]
		p.spare = p.spare[:n-1]
		return q, true
	}
	var fds [2]int
	if syscall.Pipe2(fds[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK) != nil {
		return pipe{}, false
	}
	_, _, _ = syscall.RawSyscall(syscall.SYS_FCNTL, uintptr(fds[0]), setPipeSize, pipeSize)
	return pipe{fds[0], fds[1]}, true
}

// put gives back a pipe that is empty.
func (p *pipes) put(q pipe) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.spare) == sparePipes {
		q.close()
		return
	}
	p.spare = append(p.spare, q)
}

// close closes the pipes that are not in use.
func (p *pipes) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, q := range p.spare {
		q.close()
	}
	p.spare = nil
}

func (q pipe) close() {
	_ = syscall.Close(q.r)
	_ = syscall.Close(q.w)
}

// movement is one move. It has a pipe only while there are bytes in it, so that
// connections that wait cost none.
type movement struct {
	pipes *pipes
	pipe  pipe
	most  int64
	in    int64 // bytes in the pipe
	err   error
}

// splice moves up to most bytes. net.TCPConn.ReadFrom would do the same, but tells
// the scheduler of each call: threads are then woken to take over, and the monitor
// of the runtime wakes up every 20 µs, for a quarter of all that a move costs.
func (r *Router) splice(to, from *wire, most int64) (n int64, ended bool, err error) {
	m := movement{pipes: &r.pipes}
	fill, drain := m.fill, m.drain
	for n < most {
		m.most = min(most-n, pipeSize)
		if err := from.raw.Read(fill); err != nil {
			return n, false, err
		}
		if m.err != nil || m.in == 0 {
			return n, m.err == nil, m.err
		}
		n += m.in
		err := to.raw.Write(drain)
		n -= m.in
		if err == nil {
			err = m.err
		}
		if err != nil {
			m.pipe.close()
			return n, false, err
		}
		m.pipes.put(m.pipe)
	}
	return n, false, nil
}

// fill takes what there is to be read from a socket.
func (m *movement) fill(fd uintptr) bool {
	q, ok := m.pipes.take()
	if !ok {
		m.err = errNoPipe
		return true
	}
	n, errno := sysSplice(fd, uintptr(q.w), m.most)
	if n > 0 {
		m.pipe, m.in = q, n
		return true
	}
	m.pipes.put(q)
	if errno != 0 && errno != syscall.EAGAIN {
		m.err = errno
	}
	return errno != syscall.EAGAIN
}

// drain writes what is in the pipe to a socket.
func (m *movement) drain(fd uintptr) bool {
	for m.in > 0 {
		n, errno := sysSplice(uintptr(m.pipe.r), fd, m.in)
		switch {
		case errno == syscall.EAGAIN:
			return false
		case errno != 0:
			m.err = errno
			return true
		}
		m.in -= n
	}
	return true
}
