package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// canPace says that there is a pacer.
const canPace = true

// pacer sends requests by a schedule over kept connections, in one thread that
// makes its system calls itself: Go's own poller counts in milliseconds.
type pacer struct {
	schedule

	epoll, timer int
	conns        []pacedConn
	request      []byte
	start        time.Time
	came         int             // requests whose time has come
	answered     int             // of n
	took         []time.Duration // by answer
}

// pacedConn is one connection. It sends the requests next, next+len(conns), …
type pacedConn struct {
	fd      int
	next    int
	waiting bool // for the answer to next
	answer  []byte
}

// newPacer connects.
func newPacer(addr string, conns int, s schedule) (*pacer, error) {
	to, err := net.ResolveTCPAddr("tcp4", addr)
	if err != nil {
		return nil, err
	}
	p := &pacer{
		schedule: s, conns: make([]pacedConn, conns), took: make([]time.Duration, 0, s.n),
		request: []byte("GET / HTTP/1.1\r\nHost: " + addr + "\r\n\r\n"),
	}
	if p.epoll, err = unix.EpollCreate1(0); err != nil {
		return nil, err
	}
	if p.timer, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK); err != nil {
		return nil, err
	}
	if err := p.watch(p.timer, len(p.conns)); err != nil {
		return nil, err
	}
	for i := range p.conns {
		c := &p.conns[i]
		c.next, c.answer = i, make([]byte, 0, 4096)
		if c.fd, err = connect(to); err != nil {
			return nil, fmt.Errorf("connection %d: %w", i+1, err)
		}
		if err := p.watch(c.fd, i); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// watch has the pacer told as index when fd can be read.
func (p *pacer) watch(fd, index int) error {
	return unix.EpollCtl(p.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(index)})
}

func connect(to *net.TCPAddr) (int, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.Connect(fd, &unix.SockaddrInet4{Port: to.Port, Addr: [4]byte(to.IP.To4())}); err != nil {
		return -1, err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return -1, err
	}
	return fd, unix.SetNonblock(fd, true)
}

// run sends all requests and waits for all answers.
func (p *pacer) run() error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	events := make([]unix.EpollEvent, len(p.conns)+1)
	p.start = time.Now()
	for p.answered < p.n {
		if err := p.sendDue(); err != nil {
			return err
		}
		n, err := unix.EpollWait(p.epoll, events, int(patience.Milliseconds()))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		if n == 0 {
			return fmt.Errorf("%d of %d requests were not answered in %v", p.n-p.answered, p.n, patience)
		}
		for _, e := range events[:max(n, 0)] {
			if int(e.Fd) == len(p.conns) {
				continue // it is time
			}
			if err := p.read(&p.conns[e.Fd]); err != nil {
				return err
			}
		}
	}
	return nil
}

// patience is how long nothing may happen.
const patience = 10 * time.Second

// sendDue sends what has become due on connections that are free, and sets the
// timer for what comes next.
func (p *pacer) sendDue() error {
	now := time.Since(p.start)
	for until := p.until(now); p.came < until; {
		c := &p.conns[p.came%len(p.conns)]
		p.came++
		if err := p.send(c); err != nil {
			return err
		}
	}
	var wait time.Duration // 0 stops the timer
	if p.came < p.n {
		wait = max(p.due(p.came)-time.Since(p.start), 1)
	}
	return unix.TimerfdSettime(p.timer, 0, &unix.ItimerSpec{Value: unix.NsecToTimespec(int64(wait))}, nil)
}

// send sends the connection's next request if it is due and the last one has
// been answered. It is small enough never to fill a socket's buffer.
func (p *pacer) send(c *pacedConn) error {
	if c.waiting || c.next >= p.came {
		return nil
	}
	c.waiting = true
	_, err := unix.Write(c.fd, p.request)
	return err
}

// read reads what has come, and after an answer sends what has waited for it.
func (p *pacer) read(c *pacedConn) error {
	n, err := unix.Read(c.fd, c.answer[len(c.answer):cap(c.answer)])
	switch {
	case errors.Is(err, unix.EAGAIN):
		return nil
	case err != nil:
		return err
	case n == 0:
		return errors.New("a connection was closed")
	}
	c.answer = c.answer[:len(c.answer)+n]
	if whole, err := answered(c.answer); err != nil || !whole {
		return err
	}
	p.took = append(p.took, time.Since(p.start)-p.due(c.next))
	p.answered++
	c.answer, c.waiting = c.answer[:0], false
	c.next += len(p.conns)
	return p.send(c)
}

var (
	okStatus      = []byte("HTTP/1.1 200 OK\r\n")
	endOfHead     = []byte("\r\n\r\n")
	contentLength = []byte("Content-Length: ")
)

// answered returns whether b is a whole response, and an error if it is not the
// start of one that the workers here give.
func answered(b []byte) (bool, error) {
	end := bytes.Index(b, endOfHead)
	if end < 0 {
		return false, nil
	}
	head, body := b[:end], b[end+len(endOfHead):]
	length, found := bodyLength(head)
	if !bytes.HasPrefix(b, okStatus) || !found || len(body) > length {
		return false, fmt.Errorf("answered %q", b)
	}
	return len(body) == length, nil
}

func bodyLength(head []byte) (int, bool) {
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		if len(line) > len(contentLength) && bytes.EqualFold(line[:len(contentLength)], contentLength) {
			n, err := strconv.Atoi(string(line[len(contentLength):]))
			return n, err == nil
		}
	}
	return 0, false
}
