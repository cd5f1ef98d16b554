//go:build unix

package router

import (
	"io"
	"syscall"
)

// askStep is how far a round trip has come.
type askStep int8

const (
	askCheck askStep = iota // the connection must be found open and silent
	askSend
	askWait
	askRest // the socket took only part of the request
)

func (w *wire) bind() { w.onRead, w.onWrite, w.onAsk = w.readable, w.writable, w.answerable }

// read waits for bytes and returns how many are now in b, or io.EOF.
func (w *wire) read(b []byte) (int, error) {
	w.in = b
	if err := w.raw.Read(w.onRead); err != nil {
		return 0, err
	}
	return w.inN, w.inErr
}

// readIdle is like read of up to most bytes into a buffer of the pool, which is
// the caller's then. The wait holds no buffer, and without bytes there is none.
// b, if not nil, is given up for the first attempt.
func (w *wire) readIdle(b *buffer, most int) (*buffer, int, error) {
	w.in, w.taken, w.most = nil, b, most
	err := w.raw.Read(w.onRead)
	if err != nil {
		w.giveBack()
		return nil, 0, err
	}
	b = w.taken
	w.taken = nil
	return b, w.inN, w.inErr
}

func (w *wire) giveBack() {
	if w.taken != nil {
		putBuffer(w.taken)
		w.taken = nil
	}
}

// poll returns without waiting how many bytes it could read into b. It works
// while the wire is interrupted.
func (w *wire) poll(b []byte) (int, error) {
	w.in = b
	ready := false
	if err := w.raw.Control(func(fd uintptr) { ready = w.readable(fd) }); err != nil {
		return 0, err
	}
	if !ready {
		return 0, syscall.EAGAIN
	}
	return w.inN, w.inErr
}

// broken says whether the peer has reset the connection. It does not wait, reads
// nothing, and can say so once: SO_ERROR is cleared by who asks for it (socket(7)).
func (w *wire) broken() bool {
	var failure int
	err := w.raw.Control(func(fd uintptr) {
		failure, _ = syscall.GetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_ERROR)
	})
	return err == nil && failure != 0
}

// write writes all of b.
func (w *wire) write(b []byte) error {
	w.out = b
	if err := w.raw.Write(w.onWrite); err != nil {
		return err
	}
	return w.outErr
}

// ask sends req, waits for the answer and returns how much of it is in b. With
// check, the connection must be found open and silent before, or the error is
// errStale. sent is false if it is certain that nothing was sent.
//
// An interruption after req was sent leaves the answer to read.
func (w *wire) ask(req, b []byte, check bool) (n int, sent bool, err error) {
	w.out, w.in, w.step = req, b, askSend
	if check {
		w.step = askCheck
	}
	if err := w.raw.Read(w.onAsk); err != nil {
		return 0, w.step > askSend, err
	}
	if w.step == askRest {
		if err := w.write(w.out); err != nil {
			return 0, true, err
		}
		n, err = w.read(b)
		return n, true, err
	}
	return w.inN, w.step > askSend, w.inErr
}

// answerable is what ask does when the connection is readable, and first of all
// when it may not be. The request is written after the poller was told of the
// wait, so that no answer is missed and none is looked for in vain.
func (w *wire) answerable(fd uintptr) bool {
	switch w.step {
	case askCheck:
		if _, errno := sysRead(fd, w.in); errno != syscall.EAGAIN {
			w.inN, w.inErr = 0, errStale
			return true
		}
		fallthrough
	case askSend:
		n, errno := sysWrite(fd, w.out)
		w.out = w.out[n:]
		switch {
		case errno != 0 && errno != syscall.EAGAIN:
			w.inN, w.inErr = 0, errno
			return true
		case len(w.out) > 0:
			w.step = askRest
			return true
		}
		w.step = askWait
		return false
	case askWait, askRest:
	}
	return w.readable(fd)
}

func (w *wire) readable(fd uintptr) bool {
	b := w.in
	if b == nil {
		if w.taken == nil {
			w.taken = getBuffer()
		}
		b = w.taken[:w.most]
	}
	n, errno := sysRead(fd, b)
	if n == 0 {
		w.giveBack()
	}
	switch {
	case errno == syscall.EAGAIN:
		if w.prompt {
			acknowledge(fd)
		}
		return false
	case errno != 0:
		w.inN, w.inErr = 0, errno
	case n == 0:
		w.inN, w.inErr = 0, io.EOF
	default:
		w.inN, w.inErr = n, nil
	}
	return true
}

func (w *wire) writable(fd uintptr) bool {
	for len(w.out) > 0 {
		n, errno := sysWrite(fd, w.out)
		w.out = w.out[n:]
		if errno == syscall.EAGAIN {
			return false
		}
		if errno != 0 {
			w.outErr = errno
			return true
		}
	}
	w.outErr = nil
	return true
}
