package router

import (
	"errors"
	"syscall"
	"unsafe"

	"golang.org/x/sys/windows"
)

// askStep is unused here.
type askStep int8

func (w *wire) bind() {}

// read waits for bytes and returns how many are now in b, or io.EOF.
func (w *wire) read(b []byte) (int, error) { return w.tcp.Read(b) }

// readIdle reads up to most bytes into b, or into a buffer of the pool. Without
// bytes there is none. On this system the wait needs the buffer.
func (w *wire) readIdle(b *buffer, most int) (*buffer, int, error) {
	if b == nil {
		b = getBuffer()
	}
	n, err := w.tcp.Read(b[:most])
	if n == 0 {
		putBuffer(b)
		return nil, 0, err
	}
	return b, n, nil
}

// write writes all of b.
func (w *wire) write(b []byte) error {
	_, err := w.tcp.Write(b)
	return err
}

// ask sends req, waits for the answer and returns how much of it is in b. With
// check, the connection must be found silent before, or the error is errStale.
// sent is false if it is certain that nothing was sent.
func (w *wire) ask(req, b []byte, check bool) (n int, sent bool, err error) {
	if check {
		if n, err := w.waiting(); n > 0 || err != nil {
			return 0, false, errStale
		}
	}
	if err := w.write(req); err != nil {
		return 0, true, err
	}
	n, err = w.read(b)
	return n, true, err
}

// poll returns without waiting how many bytes it could read into b. It works
// while the wire is interrupted.
func (w *wire) poll(b []byte) (int, error) {
	n, err := w.waiting()
	if err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, syscall.EAGAIN
	}
	w.resume()
	return w.tcp.Read(b)
}

// broken says whether the connection is known to have failed. It does not wait and
// reads nothing.
func (w *wire) broken() bool {
	_, err := w.waiting()
	return err != nil
}

// waiting returns how many bytes there are to be read (FIONREAD).
func (w *wire) waiting() (int, error) {
	const fionread = 0x4004667f
	var n, size uint32
	var failed error
	err := w.raw.Control(func(fd uintptr) {
		failed = windows.WSAIoctl(windows.Handle(fd), fionread, nil, 0,
			(*byte)(unsafe.Pointer(&n)), uint32(unsafe.Sizeof(n)), &size, nil, 0)
	})
	return int(n), errors.Join(err, failed)
}
