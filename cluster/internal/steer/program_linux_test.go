package steer

import (
	"fmt"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// TestClientPortsTakeTurns: of connections from every second port, each member
// gets one in turn, over IPv4, IPv6, and IPv4 to an IPv6 socket.
func TestClientPortsTakeTurns(t *testing.T) {
	for _, c := range []struct{ network, group, client string }{
		{"tcp4", "127.0.0.1", "127.0.0.1"},
		{"tcp6", "::1", "::1"},
		{"tcp", "::ffff:127.0.0.1", "127.0.0.1"},
	} {
		t.Run(c.group, func(t *testing.T) {
			r := newRigAt(t, c.network, c.group)
			var members []*Member
			for range 3 {
				m, fd := r.join(unix.IPPROTO_TCP)
				defer func() { _ = unix.Close(fd) }()
				r.setReady(m, true)
				members = append(members, m)
			}
			for i, m := range members {
				for range 4 {
					r.dialFrom(c.client, func(port int) bool { return port>>1%len(members) == i })
				}
				r.awaitQueue(m, 4)
			}
		})
	}
}

// dialFrom opens a connection from a client's port that is wanted.
func (r *rig) dialFrom(client string, wanted func(port int) bool) {
	r.t.Helper()
	var last error
	for port := 20000; port < 30000; port++ {
		if !wanted(port) {
			continue
		}
		from, err := net.ResolveTCPAddr("tcp", net.JoinHostPort(client, fmt.Sprint(port)))
		if err != nil {
			r.t.Fatal(err)
		}
		c, err := net.DialTCP("tcp", from, r.addr)
		if err == nil {
			r.t.Cleanup(func() { _ = c.Close() })
			return
		}
		last = err // most likely somebody has the port
	}
	r.t.Fatal(last)
}
