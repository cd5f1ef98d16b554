package cluster

import (
	"net"
	"net/netip"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestPace: the system's way to send is left alone where clients may be elsewhere.
func TestPace(t *testing.T) {
	usual, err := os.ReadFile("/proc/sys/net/ipv4/tcp_congestion_control")
	if err != nil {
		t.Fatal(err)
	}
	for addr, want := range map[string]string{
		"127.0.0.1:0": "reno", "[::1]:0": "reno", "[::]:0": strings.TrimSpace(string(usual)),
	} {
		p := &publicPort{addr: netip.MustParseAddrPort(addr)}
		lc := net.ListenConfig{Control: p.prepare}
		lc.SetMultipathTCP(false)
		ln, err := lc.Listen(t.Context(), "tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := ln.(*net.TCPListener).SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		var name string
		if e := raw.Control(func(fd uintptr) {
			name, err = unix.GetsockoptString(int(fd), unix.IPPROTO_TCP, unix.TCP_CONGESTION)
		}); e != nil || err != nil || name != want {
			t.Errorf("%s: %q, %v, %v, want %q", addr, name, e, err, want)
		}
		_ = ln.Close()
	}
}
