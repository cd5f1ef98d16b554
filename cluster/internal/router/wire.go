package router

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// wire is one TCP connection, to a client or to a backend. Each direction is
// used by at most one goroutine at a time; the fields are theirs.
//
// read, readIdle, write and ask are written once per system.
type wire struct {
	tcp *net.TCPConn
	raw syscall.RawConn
	// Made once, so that a call costs no closure.
	onRead, onWrite, onAsk func(fd uintptr) bool

	in    []byte  // where the next bytes go; nil means into taken
	taken *buffer // of the pool
	most  int     // of it to be used
	inN   int
	inErr error

	prompt bool // before a wait, acknowledge what has come

	out    []byte // still to be written
	outErr error

	step askStep
}

// errStale says that an idle connection was closed, or not silent. Nothing was
// sent on it.
var errStale = errors.New("idle connection closed by the backend")

func (w *wire) init(tcp *net.TCPConn) error {
	raw, err := tcp.SyscallConn()
	if err != nil {
		return err
	}
	w.tcp, w.raw = tcp, raw
	w.bind()
	return nil
}

// interrupt makes a pending or the next read fail with a timeout, until resume.
// It is safe from any goroutine, and every reader is ready for it.
func (w *wire) interrupt() { _ = w.tcp.SetReadDeadline(past) }

// resume lets reads wait again.
func (w *wire) resume() { _ = w.tcp.SetReadDeadline(time.Time{}) }

// halfClose tells the peer that nothing more will come.
func (w *wire) halfClose() { _ = w.tcp.CloseWrite() }

// reset closes the connection so that the peer sees an error, not an end.
func (w *wire) reset() {
	_ = w.tcp.SetLinger(0)
	_ = w.tcp.Close()
}

// past is a deadline that is over, whatever the clock says.
var past = time.Unix(1, 0)

// interrupted says whether err comes from interrupt.
func interrupted(err error) bool { return errors.Is(err, os.ErrDeadlineExceeded) }

// ended says whether err is the peer's orderly end of its direction.
func ended(err error) bool { return errors.Is(err, io.EOF) }
