package router

import (
	"errors"
	"io"
	"net"
	"syscall"
)

const (
	// bulkMin is from how many bytes on, all surely a body's, it pays to move
	// them without looking at them: by splice(2) on Linux, in the kernel.
	bulkMin = 64 << 10
	// bulkMost bounds one move, so that counts keep up.
	bulkMost = 8 << 20
)

// move passes on bytes from one connection to the other, of which ahead are known
// to come, and returns how many, and whether from has ended. The last few it
// leaves to whoever looks for the end.
func move(to, from *net.TCPConn, ahead int64) (n int64, ended bool, err error) {
	most := min(ahead-minRoom, bulkMost)
	n, err = to.ReadFrom(&io.LimitedReader{R: from, N: most})
	return n, err == nil && n < most, err
}

// sound says whether w can still be read. A move does not tell which side has
// failed.
func (w *wire) sound() bool {
	var b [1]byte
	_, err := w.poll(b[:])
	return err == nil || errors.Is(err, syscall.EAGAIN)
}
