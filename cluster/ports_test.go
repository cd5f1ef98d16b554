package cluster

import (
	"net/netip"
	"strings"
	"syscall"
	"testing"
)

func TestParsePort(t *testing.T) {
	for in, want := range map[string]string{
		"8080":                  "[::]:8080",
		":8080":                 "[::]:8080",
		"1":                     "[::]:1",
		"65535":                 "[::]:65535",
		"0.0.0.0:80":            "0.0.0.0:80",
		"127.0.0.1:8080":        "127.0.0.1:8080",
		"localhost:8080":        "127.0.0.1:8080",
		"[::]:8080":             "[::]:8080",
		"[::1]:8080":            "[::1]:8080",
		"[::ffff:10.0.0.1]:443": "10.0.0.1:443",
	} {
		if got, err := parsePort(in); err != nil || got != netip.MustParseAddrPort(want) {
			t.Errorf("%q: got %v, %v, want %s", in, got, err, want)
		}
	}
}

func TestParsePortRefuses(t *testing.T) {
	for in, want := range map[string]string{
		"":                 "want [HOST:]PORT with a port from 1 to 65535",
		":":                "want [HOST:]PORT with a port from 1 to 65535",
		"0":                "want [HOST:]PORT with a port from 1 to 65535",
		":0":               "want [HOST:]PORT with a port from 1 to 65535",
		"65536":            "want [HOST:]PORT with a port from 1 to 65535",
		"-1":               "want [HOST:]PORT with a port from 1 to 65535",
		"+80":              "want [HOST:]PORT with a port from 1 to 65535",
		"http":             "want [HOST:]PORT with a port from 1 to 65535",
		"127.0.0.1":        "want [HOST:]PORT with a port from 1 to 65535",
		"127.0.0.1:":       "want [HOST:]PORT with a port from 1 to 65535",
		"::1:8080":         "want [HOST:]PORT with a port from 1 to 65535",
		"example.com:8080": "the host must be an IP address",
		"127.0.0:8080":     "the host must be an IP address",
	} {
		if got, err := parsePort(in); err == nil || !strings.HasSuffix(err.Error(), want) || !strings.HasPrefix(err.Error(), "port ") {
			t.Errorf("%q: got %v, %v", in, got, err)
		}
	}
}

func TestPortErrorAdvises(t *testing.T) {
	addr := netip.MustParseAddrPort("[::]:80")
	for errno, want := range map[syscall.Errno]string{
		syscall.EACCES:        "listen on :80: permission denied; a port below 1024 needs privilege: choose a higher one or run as root",
		syscall.EADDRNOTAVAIL: "listen on :80: " + syscall.EADDRNOTAVAIL.Error(),
	} {
		if got := portError(addr, errno).Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestListenNotation(t *testing.T) {
	for _, c := range []struct {
		addr                 string
		only6                bool
		network, goAddr, out string
	}{
		{"[::]:80", false, "tcp", ":80", ":80"},
		{"[::]:80", true, "tcp6", ":80", ":80"},
		{"0.0.0.0:80", false, "tcp4", "0.0.0.0:80", ":80"},
		{"127.0.0.1:80", false, "tcp4", "127.0.0.1:80", "127.0.0.1:80"},
		{"[::1]:80", true, "tcp6", "[::1]:80", "[::1]:80"},
	} {
		addr := netip.MustParseAddrPort(c.addr)
		if n, a, s := network(addr, c.only6), listenAddr(addr), shown(addr); n != c.network || a != c.goAddr || s != c.out {
			t.Errorf("%s: got %s %s, shown %s", c.addr, n, a, s)
		}
	}
}
