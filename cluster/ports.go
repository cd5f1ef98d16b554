package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"syscall"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/router"
)

// publicPort is an address that the master listens on for its workers. Only
// the owner touches it.
type publicPort struct {
	addr   netip.AddrPort
	only6  bool
	given  bool // named by the user, so any bind of its number is meant
	router *router.Port
	kernel *kernelPort // set if the kernel balances
	// superseded are closed ports whose clients are still served by this one.
	superseded []*router.Port
}

// parsePort reads [HOST:]PORT.
func parsePort(s string) (netip.AddrPort, error) {
	host, port, err := net.SplitHostPort(s)
	if err != nil {
		host, port = "", s
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil || n == 0 {
		return netip.AddrPort{}, fmt.Errorf("port %q: want [HOST:]PORT with a port from 1 to 65535", s)
	}
	if host == "" {
		return netip.AddrPortFrom(netip.IPv6Unspecified(), uint16(n)), nil
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("port %q: the host must be an IP address", s)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(n)), nil
}

// givenPorts returns the ports named by the user, those to be opened and those not.
// Without adoption it is the first: PORT and LISTEN_FDS tell a worker of one, and
// clients of another would wait for nobody.
func (o *owner) givenPorts() (opened, left []string) {
	opened = o.opts.Ports
	if !o.adopting && len(opened) > 1 {
		return opened[:1], opened[1:]
	}
	return opened, nil
}

// openGiven opens the ports named by the user.
func (o *owner) openGiven() error {
	ports, _ := o.givenPorts()
	for _, s := range ports {
		addr, err := parsePort(s)
		if err != nil {
			return err
		}
		if err := checkFree(addr, false); err != nil {
			return portError(addr, err)
		}
		p := &publicPort{addr: addr, given: true}
		o.ports = append(o.ports, p)
		if err := o.listen(p); err != nil {
			return portError(addr, err)
		}
	}
	return nil
}

// portError says in one sentence why a public port cannot be had.
func portError(addr netip.AddrPort, err error) error {
	var errno syscall.Errno
	errors.As(err, &errno)
	text := fmt.Sprintf("listen on %s: %v", shown(addr), errno)
	if errno == 0 {
		text = fmt.Sprintf("listen on %s: %v", shown(addr), err)
	}
	switch errno {
	case syscall.EADDRINUSE:
		if who := adopt.Holder(addr); who != "" {
			return fmt.Errorf("%s (%s has it); stop that process or choose another port", text, who)
		}
		return fmt.Errorf("%s; stop whoever has it or choose another port", text)
	case syscall.EACCES:
		return fmt.Errorf("%s; a port below 1024 needs privilege: choose a higher one or run as root", text)
	}
	return errors.New(text)
}

// shown returns an address as people write it: ":8080" for the wildcard.
func shown(addr netip.AddrPort) string {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	if addr.Addr().IsUnspecified() {
		return fmt.Sprintf(":%d", addr.Port())
	}
	return addr.String()
}

// open starts to listen on a port, if it does not yet, and says so.
func (o *owner) open(p *publicPort) error {
	if p.router != nil {
		return nil
	}
	if err := o.listen(p); err != nil {
		return err
	}
	o.emit(LevelInfo, PortOpened{Addr: shown(p.addr)})
	return nil
}

func (o *owner) listen(p *publicPort) error {
	if o.inKernel() {
		return o.listenInKernel(p)
	}
	lc := net.ListenConfig{KeepAlive: -1, Control: p.prepare}
	lc.SetMultipathTCP(false) // no steering by BPF on MPTCP sockets
	ln, err := lc.Listen(context.Background(), network(p.addr, p.only6), listenAddr(p.addr))
	if err != nil {
		return err
	}
	p.router = o.router.Listen(ln.(*net.TCPListener))
	return nil
}

// prepare sets what the public socket needs before it is bound. Clients of a
// loopback address are on this machine.
func (p *publicPort) prepare(network, address string, c syscall.RawConn) error {
	if p.addr.Addr().IsLoopback() {
		router.Unpace(c)
	}
	return shareable(network, address, c)
}

// network returns the name that makes Go open the same kind of socket as the
// program's.
func network(addr netip.AddrPort, only6 bool) string {
	switch {
	case addr.Addr().Is4():
		return "tcp4"
	case only6:
		return "tcp6"
	}
	return "tcp"
}

// listenAddr returns an address in Go's notation, where the dual-stack
// wildcard has no host.
func listenAddr(addr netip.AddrPort) string {
	if addr.Addr() == netip.IPv6Unspecified() {
		return fmt.Sprintf(":%d", addr.Port())
	}
	return addr.String()
}

// portFor returns the public port that a worker's bind is meant for, made if
// it is new, or the errno that the worker is to see.
func (o *owner) portFor(w *worker, b adopt.Bind) (*publicPort, syscall.Errno) {
	want := netip.AddrPortFrom(b.Want.Addr().Unmap(), b.Want.Port())
	if o.inKernel() {
		want = b.Want // only sockets of one family form a group
		o.supersede(want, b.V6Only)
	}
	for _, p := range o.ports {
		meant := p.given && p.addr.Port() == want.Port() && !o.inKernel()
		if p.addr == want && p.only6 == b.V6Only || meant {
			return p, 0
		}
	}
	if err := o.checkFree(want, b.V6Only); err != nil {
		w.refused = portError(want, err).Error()
		o.warnOnce(w.refused)
		if who := adopt.Holder(want); who != "" { // short: it shows beside each crash
			w.refused = fmt.Sprintf("%s in use by %s", shown(want), who)
		}
		var errno syscall.Errno
		errors.As(err, &errno)
		return nil, errno
	}
	p := &publicPort{addr: want, only6: b.V6Only}
	o.ports = append(o.ports, p)
	return p, 0
}

// checkFree returns why nobody but this master's workers can have addr. Beside
// an IPv6 socket with its port, the private listeners that stand for that one
// are in the way of IPv4's wildcard, which the program's own would not be.
func (o *owner) checkFree(addr netip.AddrPort, only6 bool) error {
	err := checkFree(addr, only6)
	if !errors.Is(err, syscall.EADDRINUSE) || addr.Addr() != netip.IPv4Unspecified() {
		return err
	}
	own := func(ip netip.Addr) bool {
		return o.loop.owns(ip) || slices.ContainsFunc(o.ports, func(p *publicPort) bool {
			return ip.Is6() && p.addr == netip.AddrPortFrom(ip, addr.Port()) && (p.only6 || !ip.IsUnspecified())
		})
	}
	if adopt.Held(addr, own) {
		return err
	}
	return checkShareable(addr)
}

// warnOnce says a thing that every worker may run into only the first time.
func (o *owner) warnOnce(text string) {
	if o.warned[text] {
		return
	}
	o.warned[text] = true
	o.emit(LevelError, Warning{Text: text})
}
