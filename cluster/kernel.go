package cluster

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"syscall"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/router"
	"gcl-tui/cluster/internal/steer"
)

// kernelPort is a public port whose connections the kernel spreads. Those that
// come while no worker is ready reach the group's anchor; the router holds them
// and then passes them on to the public address itself, where the kernel picks
// a ready worker.
type kernelPort struct {
	group  *steer.Group
	relays []relay // of the port, and of those that it has taken the place of
	ready  bool    // whether they may pass on
}

// relay passes on what the router holds for a port.
type relay struct {
	backend *router.Backend
	port    *router.Port
}

// membership is a worker's socket in the group of a port.
type membership struct {
	port   *publicPort
	member *steer.Member
	unheld int // how many looks in turn have found it in no process
}

// inKernel says whether the kernel balances.
func (o *owner) inKernel() bool { return o.opts.Balance == Kernel }

// listenInKernel opens a port with a group.
func (o *owner) listenInKernel(p *publicPort) error {
	g, err := steer.Open(network(p.addr, p.only6), listenAddr(p.addr))
	if err != nil {
		return err
	}
	p.kernel = &kernelPort{group: g}
	p.router = o.router.Listen(g.Anchor())
	for _, port := range slices.Concat(p.superseded, []*router.Port{p.router}) {
		p.kernel.relays = append(p.kernel.relays, relay{o.router.NewBackend(0), port})
	}
	return nil
}

// supersede gives a port that the user named, and that was opened on the
// wildcard, to a program that binds the same number on another address, or for
// IPv6 only: the kernel shares an address only between sockets that are bound to
// the same one in the same way.
// What the old one holds is passed on to the new one.
func (o *owner) supersede(want netip.AddrPort, only6 bool) {
	for i, p := range o.ports {
		same := p.addr == want && p.only6 == only6
		if !p.given || p.addr.Port() != want.Port() || same || p.router == nil {
			continue
		}
		_ = p.router.Close()
		o.ports[i] = &publicPort{addr: want, only6: only6, superseded: append(p.superseded, p.router)}
		return
	}
}

// dialAddr returns an address at which a listener of the port is reached.
func dialAddr(p *publicPort) netip.AddrPort {
	switch addr := p.addr.Addr().Unmap(); {
	case !addr.IsUnspecified():
		return netip.AddrPortFrom(addr, p.addr.Port())
	case p.only6:
		return netip.AddrPortFrom(netip.IPv6Loopback(), p.addr.Port())
	}
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), p.addr.Port())
}

// join makes a worker's socket a member of its port's group. What a dead worker
// has left behind does not become one: nobody would take it out again.
func (o *owner) join(w *worker, l adopt.Listener) syscall.Errno {
	if w.proc == nil && w.pid != 0 {
		return syscall.EADDRNOTAVAIL
	}
	p, errno := o.portFor(w, adopt.Bind{Want: l.Addr, V6Only: l.V6Only})
	if errno != 0 {
		return errno
	}
	if err := o.open(p); err != nil {
		o.warnOnce(portError(p.addr, err).Error())
		return errnoOf(err)
	}
	if w.listensAlready(l) {
		return 0
	}
	o.replaceMembers(w, p, l)
	m, err := p.kernel.group.Join(l.Socket, l.Backlog)
	if err != nil {
		o.warnOnce(fmt.Sprintf("listen on %s: %v", shown(p.addr), err))
		return errnoOf(err)
	}
	w.members = append(w.members, &membership{port: p, member: m})
	o.relayIfReady(p) // who was ready may have been found shut down
	o.listened = true
	switch {
	case w.state == StateReady && w.gen.is(o.serving):
		o.steer(w, true)
	case o.opts.Ready.Kind == ReadyListen:
		o.ready(w)
	}
	return 0
}

func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return syscall.EADDRNOTAVAIL
	}
	return errno
}

// listensAlready says whether a socket is a member that listens, as one does that a
// program has listen and then hands to a server, which has it listen again.
func (w *worker) listensAlready(l adopt.Listener) bool {
	return slices.ContainsFunc(w.members, func(k *membership) bool {
		return k.member.Is(l.Socket) && k.member.Listens()
	})
}

// replaceMembers takes a worker's former socket out of a group: the program has
// closed it, or shut it down, and listens anew. Where it shares the port between
// sockets of its own, that can be said of this one only.
func (o *owner) replaceMembers(w *worker, p *publicPort, l adopt.Listener) {
	kept := w.members[:0]
	for _, k := range w.members {
		if k.port != p || l.Several && !k.member.Is(l.Socket) {
			kept = append(kept, k)
			continue
		}
		o.leave(k)
	}
	w.members = kept
}

// steer lets a worker have new connections from the kernel, or no more of them.
func (o *owner) steer(w *worker, ready bool) {
	for _, k := range w.members {
		if err := k.member.SetReady(ready && !k.closed()); err != nil {
			o.warnOnce(err.Error())
		}
		o.relayIfReady(k.port)
	}
}

// relayIfReady lets the router pass on what it holds while somebody is ready. What
// it passes on from then goes over new connections, for which the kernel picks:
// those to whoever was ready before are not used again.
func (o *owner) relayIfReady(p *publicPort) {
	k := p.kernel
	ready := k.group.Ready() > 0
	if ready == k.ready {
		return
	}
	k.ready = ready
	for _, r := range k.relays {
		if !ready {
			r.backend.Drain()
			continue
		}
		r.backend.Bind(r.port, dialAddr(p))
		r.backend.Ready()
	}
}

// carryOver takes a dead worker's sockets out of their groups. What is queued at
// them, or will be, goes on to the other workers.
func (o *owner) carryOver(w *worker) {
	for _, k := range w.members {
		o.leave(k)
	}
	w.members, w.sockets = nil, nil
}
