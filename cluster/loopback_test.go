package cluster

import (
	"net/netip"
	"testing"
)

func openLoopback(t *testing.T, seed int) *loopback {
	t.Helper()
	l, err := newLoopback(seed)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.release)
	return l
}

func TestLoopbackAddressesAreUnique(t *testing.T) {
	l := openLoopback(t, 1)
	seen := map[netip.Addr]bool{}
	for range 3000 {
		a := l.take()
		if seen[a] || !l.owns(a) || !a.IsLoopback() {
			t.Fatalf("took %v: seen %v, owned %v", a, seen[a], l.owns(a))
		}
		seen[a] = true
	}
}

func TestLoopbackAddressesComeBackLate(t *testing.T) {
	l := openLoopback(t, 1)
	kept := l.take()
	returned := l.take()
	l.give(returned)
	const usable = 1<<16 - 2 // not the network's own, nor its broadcast
	network := l.net.Addr()
	for i := range usable - 2 {
		a := l.take()
		if a == kept || a == network || i < usable-3 && a == returned {
			t.Fatalf("took %v after %d others", a, i)
		}
		l.give(a)
	}
	if a := l.take(); a != returned {
		t.Errorf("after all others came %v, want %v again", a, returned)
	}
}

func TestLoopbackOwnsItsNetworkOnly(t *testing.T) {
	l := openLoopback(t, 1)
	a := l.take().As4()
	for addr, want := range map[netip.Addr]bool{
		netip.AddrFrom4([4]byte{127, a[1], 200, 9}):   true,
		netip.AddrFrom4([4]byte{127, a[1] + 1, 0, 1}): false,
		netip.MustParseAddr("127.0.0.1"):              false,
		netip.MustParseAddr("::1"):                    false,
		netip.AddrFrom16(netip.AddrFrom4(a).As16()):   true, // v4 mapped
		netip.AddrFrom4([4]byte{10, a[1], 0, 1}):      false,
	} {
		if l.owns(addr) != want {
			t.Errorf("%v: owned %v", addr, !want)
		}
	}
}
