package cluster

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"syscall"

	"gcl-tui/cluster/internal/adopt"
)

// place gives a worker's socket a private address.
func (o *owner) place(w *worker, b adopt.Bind) (netip.AddrPort, syscall.Errno) {
	_, errno := o.portFor(w, b)
	if errno != 0 || o.inKernel() {
		return b.Want, errno
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
		o.warnOnce(fmt.Sprintf("the workers cannot share the port by adoption here: %s. Name it with --port, and let the program listen on $PORT", o.adoption))
		return
	}
	o.warnOnce(fmt.Sprintf("the workers cannot share %s by adoption here: %s. The program must listen on $PORT, or on the socket of LISTEN_FDS", shown(o.ports[0].addr), o.adoption))
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

// Join implements adopt.Host.
func (h host) Join(l adopt.Listener) (errno syscall.Errno) {
	if h.c.ask(func(o *owner) { errno = o.join(h.w, l) }) != nil {
		errno = syscall.EADDRNOTAVAIL
	}
	return errno
}
