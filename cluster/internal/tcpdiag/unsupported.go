//go:build !linux

package tcpdiag

// Reader is the Linux one's counterpart: it has nothing to read.
type Reader struct{}

// Established returns ErrUnsupported.
func (*Reader) Established(uint16) ([]Conn, error) { return nil, ErrUnsupported }

// Connected returns ErrUnsupported.
func (*Reader) Connected(uint16) ([]Conn, error) { return nil, ErrUnsupported }

// HalfOpen returns ErrUnsupported.
func (*Reader) HalfOpen(uint16) ([]Conn, error) { return nil, ErrUnsupported }

// Close does nothing.
func (*Reader) Close() {}

// Queue returns ErrUnsupported.
func Queue(int) (int, error) { return 0, ErrUnsupported }

// descriptors is the Linux one's counterpart.
type descriptors struct{}

// socketsOfAll fails, so that no owner's connections are taken for known.
func (*descriptors) socketsOfAll([]int, func(descriptor) bool) error { return ErrUnsupported }

// HangUp returns ErrUnsupported.
func HangUp([]int, []Conn) error { return ErrUnsupported }
