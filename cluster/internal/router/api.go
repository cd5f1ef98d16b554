package router

import (
	"context"
	"errors"
	"net"
	"net/netip"
)

// Router carries client connections to backends. Its methods are safe from any
// goroutine.
type Router struct{ opts Options }

// New returns a router with no ports and no backends. Close it after use.
func New(o Options) *Router { return &Router{opts: o.withDefaults()} }

// Port is a public listener.
type Port struct{}

// Backend is one worker process.
type Backend struct{}

// Listen starts to accept connections from ln, which the port owns from now on.
// Make it with net.ListenConfig{KeepAlive: -1} and SetMultipathTCP(false): both
// defaults cost system calls per connection and gain nothing here.
func (r *Router) Listen(ln *net.TCPListener) *Port { return &Port{} }

// NewBackend adds a worker process. It is not ready yet. id is for the
// caller's own use.
func (r *Router) NewBackend(id int) *Backend { return &Backend{} }

// Stats returns the figures of the whole router. It takes some microseconds
// per backend.
func (r *Router) Stats() Stats { return Stats{} }

// Mark starts a receipt.
func (r *Router) Mark() *Mark { return &Mark{} }

// Shutdown stops accepting, waits until nothing is in flight or ctx ends, then
// closes. It returns ctx.Err() if something was cut.
func (r *Router) Shutdown(ctx context.Context) error { return errors.New("under construction") }

// Close stops accepting and ends every connection at once. When it returns no
// goroutine and no descriptor of the router is left.
func (r *Router) Close() error { return nil }

// Addr returns the public address.
func (p *Port) Addr() netip.AddrPort { return netip.AddrPort{} }

// Close stops accepting. Connections already accepted go on.
func (p *Port) Close() error { return nil }

// ID returns what NewBackend was given.
func (b *Backend) ID() int { return 0 }

// Bind says that the worker serves port p at the private address addr. A
// backend is given requests only of the ports that it has bound. It may be
// called before and after Ready; binding a port again replaces the address.
func (b *Backend) Bind(p *Port, addr netip.AddrPort) {}

// Unbind says that the worker no longer listens on p.
func (b *Backend) Unbind(p *Port) {}

// Ready lets the backend have requests on the ports it has bound. It also ends
// a drain that is not complete, for a reload that is called off.
func (b *Backend) Ready() {}

// Drain gives the backend nothing new and closes its idle connections. The
// channel is closed once nothing is in flight to it, tunnels included. What is
// still running can be cut with Close.
func (b *Backend) Drain() <-chan struct{} { return nil }

// Close says that the process is dead: its exchanges fail or go to another
// backend, its connections are closed. Its counts stay in the router's.
func (b *Backend) Close() {}

// Stats returns the figures of this backend.
func (b *Backend) Stats() BackendStats { return BackendStats{} }

// Mark is the beginning of a receipt.
type Mark struct{}

// Receipt returns what has happened since the mark was made.
func (m *Mark) Receipt() Receipt { return Receipt{} }

// Close ends the mark. Receipt may still be called and no longer changes.
func (m *Mark) Close() {}
