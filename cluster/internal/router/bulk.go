package router

import (
	"errors"
	"syscall"
)

const (
	// bulkMin is from how many bytes on, all surely a body's, it pays to move
	// them without looking at them: by splice(2) on Linux, in the kernel.
	bulkMin = 64 << 10
	// bulkMost bounds one move, so that counts keep up.
	bulkMost = 8 << 20
)

// errNoPipe says that there is no pipe for a move, for want of descriptors.
var errNoPipe = errors.New("no pipe")

// move passes on bytes from one connection to the other, of which ahead are known
// to come, and returns how many, and whether from has ended. The last few it
// leaves to whoever looks for the end.
func (r *Router) move(to, from *wire, ahead int64) (n int64, ended bool, err error) {
	return r.splice(to, from, min(ahead-minRoom, bulkMost))
}

// sound says whether w can still be read. A move does not tell which side has
// failed.
func (w *wire) sound() bool {
	var b [1]byte
	_, err := w.poll(b[:])
	return err == nil || errors.Is(err, syscall.EAGAIN)
}
