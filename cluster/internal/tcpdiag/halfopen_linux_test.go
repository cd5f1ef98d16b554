package tcpdiag

import (
	"net"
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestHalfOpen has a listener that waits for a client's first data.
func TestHalfOpen(t *testing.T) {
	for _, tc := range []struct {
		name, network, addr, client string
		mptcp                       bool
	}{
		{"IPv4", "tcp4", "127.0.0.1:0", "127.0.0.1", false},
		{"IPv4, MPTCP", "tcp4", "127.0.0.1:0", "127.0.0.1", true},
		{"IPv6", "tcp6", "[::1]:0", "::1", false},
		{"IPv4 to an IPv6 wildcard", "tcp", "[::]:0", "127.0.0.1", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := listen(t, tc.network, tc.addr, tc.mptcp)
			var r Reader
			defer r.Close()
			dial(t, l, tc.client, false)
			accept(t, l) // one that is not half-open
			control(t, l, func(fd int) {
				if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 3600); err != nil {
					t.Fatal(err)
				}
			})
			client := dial(t, l, tc.client, false)
			want := []Conn{{
				Local:  netip.AddrPortFrom(netip.MustParseAddr(tc.client), portOf(l)),
				Remote: client.LocalAddr().(*net.TCPAddr).AddrPort(),
			}}
			if got := halfOpen(t, &r, l); !cmp.Equal(want, got, compareAddrs) {
				t.Errorf("half-open are %v, want %v", got, want)
			}
			if _, err := client.Write([]byte("data")); err != nil {
				t.Fatal(err)
			}
			accept(t, l)
			if got := halfOpen(t, &r, l); len(got) != 0 {
				t.Errorf("half-open are %v after the data", got)
			}
		})
	}
}

func halfOpen(t *testing.T, r *Reader, l net.Listener) []Conn {
	t.Helper()
	conns, err := r.HalfOpen(portOf(l))
	if err != nil {
		t.Fatal(err)
	}
	return conns
}
