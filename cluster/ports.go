package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
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

// openGiven opens the ports named by the user.
func (o *owner) openGiven() error {
	for _, s := range o.opts.Ports {
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
	lc := net.ListenConfig{KeepAlive: -1, Control: shareable}
	lc.SetMultipathTCP(false) // no steering by BPF on MPTCP sockets
	ln, err := lc.Listen(context.Background(), network(p.addr, p.only6), listenAddr(p.addr))
	if err != nil {
		return err
	}
	p.router = o.router.Listen(ln.(*net.TCPListener))
	return nil
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
	for _, p := range o.ports {
		if p.addr == want && p.only6 == b.V6Only || p.given && p.addr.Port() == want.Port() {
			return p, 0
		}
	}
	if err := checkFree(want, b.V6Only); err != nil {
		w.refused = portError(want, err).Error()
		o.warnOnce(w.refused)
		var errno syscall.Errno
		errors.As(err, &errno)
		return nil, errno
	}
	p := &publicPort{addr: want, only6: b.V6Only}
	o.ports = append(o.ports, p)
	return p, 0
}

// warnOnce says a thing that every worker may run into only the first time.
func (o *owner) warnOnce(text string) {
	if o.warned[text] {
		return
	}
	o.warned[text] = true
	o.emit(LevelError, Warning{Text: text})
}

// place gives a worker's socket a private address.
func (o *owner) place(w *worker, b adopt.Bind) (netip.AddrPort, syscall.Errno) {
	_, errno := o.portFor(w, b)
	if errno != 0 {
		return netip.AddrPort{}, errno
	}
	for _, k := range w.socks {
		if k.want == b.Want && k.only6 == b.V6Only {
			return k.private, 0
		}
	}
	ip := o.loop.take()
	k := socket{want: b.Want, only6: b.V6Only, private: netip.AddrPortFrom(ip, b.Want.Port()), lent: ip}
	w.socks = append(w.socks, k)
	return k.private, 0
}

// moved notes that a socket ended up at another address than it was given.
func (o *owner) moved(w *worker, want, private netip.AddrPort) {
	for i := range w.socks {
		if w.socks[i].want == want {
			w.socks[i].private = private
		}
	}
}

// listening lets a worker have the requests of the port that it listens for.
func (o *owner) listening(w *worker, private netip.AddrPort) {
	i := slices.IndexFunc(w.socks, func(k socket) bool { return k.private == private })
	if i < 0 || w.proc == nil && w.pid != 0 {
		return
	}
	k := w.socks[i]
	p, errno := o.portFor(w, adopt.Bind{Want: k.want, V6Only: k.only6})
	if errno != 0 {
		return // it was said
	}
	if err := o.open(p); err != nil {
		o.warnOnce(portError(p.addr, err).Error())
		return
	}
	o.serves(w, p, private)
}

// serves binds a worker to a public port and, if that is what is waited for,
// makes it ready.
func (o *owner) serves(w *worker, p *publicPort, private netip.AddrPort) {
	w.backend.Bind(p.router, private)
	o.listened = true
	if !w.addr.IsValid() {
		w.addr = private
	}
	if o.opts.Ready.Kind == ReadyListen {
		o.ready(w)
	}
}

// explainPort tells a person what a worker's exit has to do with a port that
// the master holds without adoption.
func (o *owner) explainPort(w *worker, reason string) {
	inUse := strings.Contains(strings.ToLower(reason), "address already in use") || strings.Contains(reason, "EADDRINUSE")
	if o.adopting || w.expected || !inUse {
		return
	}
	if len(o.ports) == 0 {
		o.warnOnce(fmt.Sprintf("the workers cannot share the port by adoption here (%s): name it with --port, and let the program listen on $PORT", o.adoption))
		return
	}
	o.warnOnce(fmt.Sprintf("the workers cannot share %s by adoption here (%s): the program must listen on $PORT, or on the socket of LISTEN_FDS", shown(o.ports[0].addr), o.adoption))
}

// host answers a worker's calls, from its session's goroutine, by asking the
// owner.
type host struct {
	c *Cluster
	w *worker
}

// Bind implements adopt.Host.
func (h host) Bind(b adopt.Bind) (private netip.AddrPort, errno syscall.Errno) {
	if h.c.ask(func(o *owner) { private, errno = o.place(h.w, b) }) != nil {
		errno = syscall.EADDRNOTAVAIL // the master is at its end
	}
	return private, errno
}

// Bound implements adopt.Host.
func (h host) Bound(want, private netip.AddrPort) {
	_ = h.c.ask(func(o *owner) { o.moved(h.w, want, private) })
}

// Listening implements adopt.Host.
func (h host) Listening(private netip.AddrPort) {
	_ = h.c.ask(func(o *owner) { o.listening(h.w, private) })
}
