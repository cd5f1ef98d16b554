package tcpdiag

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// answerSize is the largest datagram that the kernel fills when it lists: it
// goes by the buffer that it was last given, up to this.
const answerSize = 32 << 10

// Reader lists connections, again and again, through one netlink socket. The
// zero value is ready: the socket is opened by the first question, and again
// after an error. It is for one goroutine.
type Reader struct {
	socket *os.File // nil while closed
	seq    uint32
	answer []byte
	last   int // connections in the last answer
}

// Established is the function of that name. Two things cost: the walk through
// the kernel's table of all connections, and each connection found.
func (r *Reader) Established(port uint16) ([]Conn, error) {
	return r.list(port, carryingData)
}

// Connected is the function of that name.
func (r *Reader) Connected(port uint16) ([]Conn, error) {
	return r.list(port, connected)
}

// HalfOpen is the function of that name.
func (r *Reader) HalfOpen(port uint16) ([]Conn, error) {
	return r.list(port, inHandshake)
}

// Close closes the socket, if it is open. The Reader may be used again.
func (r *Reader) Close() {
	if r.socket != nil {
		_ = r.socket.Close() // nothing is lost with it
		r.socket = nil
	}
}

func (r *Reader) list(port uint16, states uint32) ([]Conn, error) {
	if port == 0 {
		return nil, nil // which no connection has, and the kernel takes for any
	}
	conns, err := r.exchange(port, states)
	if err != nil {
		// What is left of this answer must not be taken for the next one's.
		r.Close()
		return nil, fmt.Errorf("list connections of port %d: %w", port, explain(err))
	}
	r.last = len(conns)
	return conns, nil
}

func (r *Reader) exchange(port uint16, states uint32) ([]Conn, error) {
	if err := r.ask(port, states); err != nil {
		return nil, err
	}
	conns := make([]Conn, 0, r.last+r.last/8)
	for done := false; !done; {
		n, err := r.socket.Read(r.answer)
		if err != nil {
			return nil, err
		}
		if conns, done, err = parseAnswer(conns, r.answer[:n], r.seq); err != nil {
			return nil, err
		}
	}
	return conns, nil
}

// ask sends a request. To whom need not be said: a netlink socket without an
// address is connected with the kernel.
func (r *Reader) ask(port uint16, states uint32) error {
	if err := r.open(); err != nil {
		return err
	}
	r.seq++
	request, err := encodeRequest(r.seq, port, states)
	if err != nil {
		return err
	}
	_, err = r.socket.Write(request)
	return err
}

func (r *Reader) open() error {
	if r.socket != nil {
		return nil
	}
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return os.NewSyscallError("socket", err)
	}
	r.socket = os.NewFile(uintptr(fd), "sock_diag")
	if r.answer == nil {
		r.answer = make([]byte, answerSize)
	}
	return nil
}

// explain marks what a kernel says that has no sock_diag, or a sandbox that
// refuses the socket.
func explain(err error) error {
	for _, lacking := range []error{
		unix.EAFNOSUPPORT,    // socket: no netlink
		unix.EPROTONOSUPPORT, // socket: no sock_diag
		unix.EPERM,           // socket: a seccomp profile
		unix.EACCES,          // socket: a security module
		unix.ENOENT,          // answer: no tcp_diag (CONFIG_INET_DIAG)
	} {
		if errors.Is(err, lacking) {
			return fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	return err
}
