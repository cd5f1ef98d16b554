package cluster

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"testing"
)

// freeAddr returns a wildcard address whose port nobody has, and nobody gets while
// the test lasts: the kernel gives none of these to who asks for any, and other
// tests see that it is taken.
func freeAddr(t *testing.T) string {
	t.Helper()
	const least = 20_000
	some := max(firstEphemeral(t)-least, 10_000) // which is usual
	for range 1000 {
		addr := fmt.Sprintf(":%d", least+rand.IntN(some))
		taken, err := net.Listen("unix", "@gcl-tui test"+addr) // unix(7): no file
		if err != nil {
			continue
		}
		if free(addr) {
			t.Cleanup(func() { _ = taken.Close() })
			return addr
		}
		_ = taken.Close()
	}
	t.Fatal("no port is free")
	return ""
}

// firstEphemeral returns the lowest port that the kernel gives to who asks for any
// (ip_local_port_range of ip(7)).
func firstEphemeral(t *testing.T) (low int) {
	t.Helper()
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscan(string(text), &low); err != nil {
		t.Fatal(err)
	}
	return low
}

func free(addr string) bool {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return false
	}
	return l.Close() == nil
}
