package tcpdiag

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// only returns the one connection on a listener's port.
func only(t *testing.T, l net.Listener) Conn {
	t.Helper()
	conns := listOnce(t, l)
	if len(conns) != 1 {
		t.Fatalf("%d connections, want 1: %v", len(conns), conns)
	}
	return conns[0]
}

func inodeOf(t *testing.T, c *net.TCPConn) (inode uint32) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var st unix.Stat_t
	if cerr := raw.Control(func(fd uintptr) { err = unix.Fstat(int(fd), &st) }); cerr != nil || err != nil {
		t.Fatal(cerr, err)
	}
	return uint32(st.Ino)
}

func TestEstablishedTellsBothEnds(t *testing.T) {
	for _, tc := range []struct {
		name, network, addr, client, local string
		mptcp                              bool
	}{
		{"IPv4", "tcp4", "127.0.0.1:0", "127.0.0.1", "127.0.0.1", false},
		{"another loopback address", "tcp4", "0.0.0.0:0", "127.9.8.7", "127.9.8.7", false},
		{"IPv6", "tcp6", "[::1]:0", "::1", "::1", false},
		{"IPv4 to an IPv6 wildcard", "tcp", "[::]:0", "127.0.0.1", "127.0.0.1", false},
		{"MPTCP at both ends", "tcp4", "127.0.0.1:0", "127.0.0.1", "127.0.0.1", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := listen(t, tc.network, tc.addr, tc.mptcp)
			client := dial(t, l, tc.client, tc.mptcp)
			server := accept(t, l)
			carry(t, client, server, 1)
			c := only(t, l)
			local := netip.AddrPortFrom(netip.MustParseAddr(tc.local), portOf(l))
			remote := client.LocalAddr().(*net.TCPAddr).AddrPort()
			if c.Local != local || c.Remote != remote {
				t.Errorf("got %v from %v, want %v from %v", c.Local, c.Remote, local, remote)
			}
			if want := inodeOf(t, server); c.Inode != want {
				t.Errorf("inode %d, want %d", c.Inode, want)
			}
			if c.RTT <= 0 || c.RTT > deadline {
				t.Errorf("round-trip time %v", c.RTT)
			}
		})
	}
}

func TestBytesAreThoseSent(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	client := dial(t, l, "127.0.0.1", false)
	server := accept(t, l)
	if c := only(t, l); c.BytesIn != 0 || c.BytesOut != 0 {
		t.Fatalf("%d in, %d out before the first byte", c.BytesIn, c.BytesOut)
	}
	const in, out = 3_000_017, 1_000_003
	carry(t, client, server, in)
	carry(t, server, client, out)
	eventually(t, "every byte received and acknowledged", func() bool {
		c := only(t, l)
		if c.BytesIn > in || c.BytesOut > out {
			t.Fatalf("%d in, %d out: more than was sent", c.BytesIn, c.BytesOut)
		}
		return c.BytesIn == in && c.BytesOut == out
	})
}

// TestBytesOfMPTCP asks for no less than what was sent: MPTCP may send again
// what TCP had sent already.
func TestBytesOfMPTCP(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", true)
	client := dial(t, l, "127.0.0.1", true)
	server := accept(t, l)
	const in, out = 300_007, 100_003
	carry(t, client, server, in)
	carry(t, server, client, out)
	eventually(t, "every byte received and acknowledged", func() bool {
		c := only(t, l)
		return c.BytesIn >= in && c.BytesOut >= out
	})
}

func TestHalfClosedByTheClientIsListed(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	client := dial(t, l, "127.0.0.1", false)
	server := accept(t, l)
	carry(t, client, server, 4096)
	if err := client.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if n, err := server.Read(make([]byte, 1)); err == nil {
		t.Fatalf("read %d bytes behind the end", n)
	}
	// The FIN is no byte: the count stays.
	if c := only(t, l); c.BytesIn != 4096 {
		t.Errorf("%d bytes in, want 4096", c.BytesIn)
	}
	_ = server.Close()
	eventually(t, "an empty list after both ends closed", func() bool {
		return len(listOnce(t, l)) == 0
	})
}

func TestOtherPortsAndTheClientsEndAreNotListed(t *testing.T) {
	l, other := listen(t, "tcp4", "127.0.0.1:0", false), listen(t, "tcp4", "127.0.0.1:0", false)
	for range 3 {
		dial(t, l, "127.0.0.1", false)
		dial(t, other, "127.0.0.1", false)
	}
	var conns []Conn
	eventually(t, "three connections", func() bool {
		conns = listOnce(t, l)
		return len(conns) == 3
	})
	for _, c := range conns {
		if c.Local.Port() != portOf(l) {
			t.Errorf("local port %d, want %d", c.Local.Port(), portOf(l))
		}
		if c.Inode != 0 {
			t.Errorf("inode %d of a connection that nobody accepted", c.Inode)
		}
	}
}

func TestManyConnectionsInSeveralDatagrams(t *testing.T) {
	const n = 600 // about 400 bytes each: more than one answerSize holds
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	want := map[netip.AddrPort]bool{}
	for range n {
		want[dial(t, l, "127.0.0.1", false).LocalAddr().(*net.TCPAddr).AddrPort()] = true
		accept(t, l)
	}
	var r Reader
	defer r.Close()
	for range 3 { // one Reader answers again and again
		conns := mustList(t, &r, l)
		got := map[netip.AddrPort]bool{}
		for _, c := range conns {
			got[c.Remote] = true
			if !want[c.Remote] {
				t.Errorf("unknown client %v", c.Remote)
			}
		}
		if len(conns) != n || len(got) != n {
			t.Errorf("%d connections of %d clients, want %d", len(conns), len(got), n)
		}
	}
}

func TestPortZeroIsNotEveryPort(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	dial(t, l, "127.0.0.1", false)
	accept(t, l)
	if conns, err := Established(0); err != nil || len(conns) != 0 {
		t.Errorf("%d connections, %v", len(conns), err)
	}
}

func TestReaderOpensAgain(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	dial(t, l, "127.0.0.1", false)
	accept(t, l)
	var r Reader
	defer r.Close()
	mustList(t, &r, l)
	_ = r.socket.Close() // as if it had failed
	if conns, err := r.Established(portOf(l)); !errors.Is(err, os.ErrClosed) {
		t.Fatalf("got %v, %v from a dead socket", conns, err)
	}
	if conns := mustList(t, &r, l); len(conns) != 1 {
		t.Errorf("%d connections after an error, want 1", len(conns))
	}
}

func TestNoDescriptorIsLeft(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	dial(t, l, "127.0.0.1", false)
	accept(t, l)
	me := map[int][]int{1: {os.Getpid()}}
	before := openDescriptors(t)
	for range 20 {
		conns, err := Established(portOf(l))
		if err != nil || len(conns) != 1 {
			t.Fatalf("%d connections, %v", len(conns), err)
		}
		ByOwner(conns, me)
	}
	if after := openDescriptors(t); after > before { // others may have ended
		t.Errorf("%d descriptors after, %d before", after, before)
	}
}

func openDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}
