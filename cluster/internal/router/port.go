package router

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"time"
)

// Port is a public listener. Its methods are safe from any goroutine.
type Port struct {
	r    *Router
	ln   *net.TCPListener
	addr netip.AddrPort

	ready  atomic.Pointer[[]*route] // never changed in place
	turn   atomic.Uint64
	closed chan struct{} // closed when the accept loop has ended
}

// Listen starts to accept connections from ln, which the port owns from now on.
// Make it with net.ListenConfig{KeepAlive: -1} and SetMultipathTCP(false): both
// defaults cost system calls per connection and gain nothing here.
func (r *Router) Listen(ln *net.TCPListener) *Port {
	p := &Port{r: r, ln: ln, closed: make(chan struct{})}
	p.ready.Store(new([]*route))
	if a, ok := ln.Addr().(*net.TCPAddr); ok {
		p.addr = a.AddrPort()
	}
	r.mu.Lock()
	r.ports = append(r.ports, p)
	stopped := r.stopping.Load()
	r.mu.Unlock()
	if stopped {
		_ = ln.Close()
	}
	go p.accept()
	return p
}

// Addr returns the public address.
func (p *Port) Addr() netip.AddrPort { return p.addr }

// Close stops accepting. Connections already accepted go on.
func (p *Port) Close() error {
	err := p.ln.Close()
	<-p.closed
	p.r.forget(p)
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// accept runs on its own goroutine until the listener is closed.
func (p *Port) accept() {
	defer close(p.closed)
	for {
		tcp, err := p.ln.AcceptTCP()
		switch {
		case err == nil:
			p.admit(tcp)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			// Out of descriptors or memory: the kernel keeps the
			// connection queued, so nothing is lost by a pause.
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// Carry serves a connection that was accepted elsewhere as if it had come to
// this port.
func (p *Port) Carry(tcp *net.TCPConn) { p.admit(tcp) }

// admit starts to serve a new connection, or resets one that was meant for a
// worker's private address.
func (p *Port) admit(tcp *net.TCPConn) {
	if local, ok := tcp.LocalAddr().(*net.TCPAddr); ok && p.r.opts.Own(local.AddrPort().Addr().Unmap()) {
		p.r.strays.add(tcp.RemoteAddr(), tcp.LocalAddr())
		_ = tcp.SetLinger(0)
		_ = tcp.Close()
		return
	}
	c := &conn{r: p.r, port: p}
	if c.init(tcp) != nil || !p.r.register(c) {
		_ = tcp.Close()
		return
	}
	go c.serve()
}

// publish rebuilds the list of ready routes and wakes those who wait for one.
// The caller holds r.mu.
func (p *Port) publish() {
	ready := make([]*route, 0, len(p.r.backends))
	for _, b := range p.r.backends {
		if rt := b.routes[p]; rt != nil && b.state.Load() == stateReady {
			ready = append(ready, rt)
		}
	}
	p.ready.Store(&ready)
	if len(ready) > 0 {
		close(p.r.changed)
		p.r.changed = make(chan struct{})
	}
}
