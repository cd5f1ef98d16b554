package adopt

import (
	"errors"
	"net/netip"
	"os/exec"
	"runtime"
	"sync/atomic"
	"syscall"
)

// Probe tries adoption on a short-lived process of this executable and returns
// why it does not work here, or nil.
func Probe() error {
	if auditArch == 0 {
		return errors.New("a worker's calls are not looked at in programs for " + runtime.GOARCH + ", but for amd64 and arm64")
	}
	l, err := newLaunch(modeProbe, "probe", []string{"probe"}, nil)
	if err != nil {
		return err
	}
	cmd := exec.Command(l.Path)
	cmd.Args, cmd.ExtraFiles = l.Args, l.Extra
	err = cmd.Start()
	l.Started()
	if err != nil {
		l.Abandon()
		return err
	}
	host := &probeHost{}
	served := l.Serve(host, &UnixSockets{})
	ended := cmd.Wait()
	var filter *FilterError
	switch {
	case errors.As(served, &filter):
		return filter
	case served != nil:
		return served
	case !host.asked.Load():
		return errors.New("this system does not let the master see a worker's sockets (pidfd_getfd or process_vm_readv refused)")
	case !host.listened.Load() || ended != nil:
		return errors.New("a test of it failed")
	}
	return nil
}

// probeHost answers the probe's one bind with any free port.
type probeHost struct{ asked, listened atomic.Bool }

func (h *probeHost) Bind(Bind) (netip.AddrPort, syscall.Errno) {
	h.asked.Store(true)
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), 0), 0
}

func (h *probeHost) Bound(_, _ netip.AddrPort)   {}
func (h *probeHost) Listening(_ netip.AddrPort)  { h.listened.Store(true) }
func (h *probeHost) ListeningUnix(string)        {}
func (h *probeHost) Replaced() bool              { return false }
func (h *probeHost) Join(Listener) syscall.Errno { return syscall.EOPNOTSUPP }
