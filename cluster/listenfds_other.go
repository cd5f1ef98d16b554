//go:build !linux

package cluster

import "net/netip"

// queueProbe exists on Linux only, where LISTEN_FDS comes from.
type queueProbe struct{}

// passableListener passes no socket here: PORT must do.
func passableListener(*start) (netip.AddrPort, *queueProbe, error) {
	return netip.AddrPort{}, nil, nil
}

func (*queueProbe) taken() bool { return false }
func (*queueProbe) close()      {}
