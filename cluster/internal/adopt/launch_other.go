//go:build !linux

package adopt

import (
	"errors"
	"net/netip"
	"os"
)

// Executable returns a path at which this executable can be started again, as
// long as its file is not replaced.
func Executable() (string, error) { return os.Executable() }

// NewLaunch prepares the start of the program at path with argv. There is no
// shim here: the program is started as it is.
func NewLaunch(path string, argv []string, _ bool, _ *os.File) (*Launch, error) {
	return &Launch{Path: path, Args: argv, program: path}, nil
}

// Started does nothing here.
func (l *Launch) Started() {}

// Abandon does nothing here.
func (l *Launch) Abandon() {}

// Serve returns nil at once: there are no calls to answer.
func (l *Launch) Serve(Host, *UnixSockets) error { return nil }

// UnixSockets are the Unix sockets that workers share, of which there are none here.
type UnixSockets struct{}

// Retired is what workers have been kept from: nothing.
type Retired struct{}

// Retire does nothing here.
func (*UnixSockets) Retire([]int) Retired { return Retired{} }

// Recall does nothing here.
func (*UnixSockets) Recall(Retired) {}

// Sweep does nothing here.
func (*UnixSockets) Sweep() {}

// Close does nothing here.
func (*UnixSockets) Close() {}

// Probe returns why adoption does not work here.
func Probe() error { return errors.New("only Linux has what it takes") }

// RunShim does nothing: no process is started as a shim here.
func RunShim([]string) {}

// Holder returns "": who holds a port cannot be told here.
func Holder(netip.AddrPort) string { return "" }

// Held returns true: who holds a port cannot be told here.
func Held(netip.AddrPort, func(netip.Addr) bool) bool { return true }
