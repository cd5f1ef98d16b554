package cluster

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// prepareUnadopted tells a worker by its environment where to listen: PORT for
// a port of its own, LISTEN_FDS for a socket that listens already. The wait
// finds out which of the two the program uses.
func (o *owner) prepareUnadopted(ctx context.Context, w *worker, st *start) (wait func(), err error) {
	own, err := freePort()
	if err != nil {
		return nil, err
	}
	passed, probe, err := passableListener(st)
	if err != nil {
		return nil, err
	}
	st.env = overlay(st.env, fmt.Sprintf("PORT=%d", own.Port()))
	public := o.ports[0]
	return func() {
		if probe != nil {
			defer probe.close()
		}
		var at netip.AddrPort
		ok := poll(ctx, func() bool {
			switch {
			case answers(own):
				at = own
			case probe != nil && probe.taken():
				at = passed
			}
			return at.IsValid()
		})
		if ok {
			o.c.post(func(o *owner) {
				w.socks = append(w.socks, socket{want: public.addr, private: at})
				o.serves(w, public, at)
			})
		}
	}, nil
}

// freePort returns a loopback address whose port nobody listens on now.
func freePort() (netip.AddrPort, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("find a free port: %w", err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).AddrPort(), nil
}

// answers says whether connections to addr are taken.
func answers(addr netip.AddrPort) bool {
	c, err := net.DialTimeout("tcp4", addr.String(), time.Second)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}
