package adopt

import (
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestParseSockaddr(t *testing.T) {
	v4 := []byte{2, 0, 0x1f, 0x90, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	v6 := append([]byte{10, 0, 0x1f, 0x90, 0, 0, 0, 0}, append(make([]byte, 15), 1, 0, 0, 0, 0)...)
	for _, test := range []struct {
		name string
		raw  []byte
		want string
	}{
		{"IPv4", v4, "127.0.0.1:8080"},
		{"IPv4, longer than need be", append(v4[:16:16], 9, 9, 9, 9), "127.0.0.1:8080"},
		{"IPv4, short", v4[:15], ""},
		{"IPv6", v6, "[::1]:8080"},
		{"IPv6 without a scope, RFC 2133", v6[:24], "[::1]:8080"},
		{"IPv6, short", v6[:23], ""},
		{"Unix", []byte{1, 0, '/', 't', 'm', 'p', '/', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 0}, ""},
		{"no family", make([]byte, 28), ""},
		{"one byte", []byte{2}, ""},
		{"nothing", nil, ""},
	} {
		got, ok := parseSockaddr(test.raw)
		if ok != (test.want != "") || ok && got.String() != test.want {
			t.Errorf("%s: %v, %v", test.name, got, ok)
		}
	}
}

// FuzzParseSockaddr holds the parser against what the kernel is given for the
// address that it returns.
func FuzzParseSockaddr(f *testing.F) {
	f.Add([]byte{2, 0, 0x1f, 0x90, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0})
	f.Add(append([]byte{10, 0, 0, 80}, make([]byte, 24)...))
	f.Add([]byte{10})
	f.Fuzz(func(t *testing.T, raw []byte) {
		addr, ok := parseSockaddr(raw)
		if !ok {
			return
		}
		if int(addr.Port()) != int(raw[2])<<8+int(raw[3]) {
			t.Errorf("port %d from % x", addr.Port(), raw[:4])
		}
		switch sa := sockaddr(int(raw[0]), addr).(type) {
		case *unix.SockaddrInet4:
			if string(sa.Addr[:]) != string(raw[4:8]) {
				t.Errorf("%v from % x", sa, raw)
			}
		case *unix.SockaddrInet6:
			if string(sa.Addr[:]) != string(raw[8:24]) {
				t.Errorf("%v from % x", sa, raw)
			}
		}
	})
}

func TestParseListener(t *testing.T) {
	const rest = " 00000000:00000000 00:00000000 00000000     0        0 4242 1 0 100 0 0 10 0"
	for _, test := range []struct{ line, want string }{
		{"   0: 0100007F:1F90 00000000:0000 0A" + rest, "127.0.0.1:8080"},
		{"   1: 00000000:0050 00000000:0000 0A" + rest, "0.0.0.0:80"},
		{"   2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A" + rest, "[::1]:8080"},
		{"   3: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A" + rest, "127.0.0.1:8080"},
		{"   4: 0100007F:1F90 0100007F:9999 01" + rest, ""}, // established
		{"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode", ""},
		{"   5: 0100007F1F90 00000000:0000 0A" + rest, ""},
		{"   6: 0100007:1F90 00000000:0000 0A" + rest, ""},
		{"   7: 0100007F00000000:1F90 00000000:0000 0A" + rest, ""},
		{"   8: 0100007F:11F90 00000000:0000 0A" + rest, ""},
		{"   9: 0100007F:1F90 00000000:0000 0A", ""},
		{"", ""},
	} {
		got, ok := parseListener(test.line)
		if ok != (test.want != "") || ok && (got.addr.String() != test.want || got.inode != "4242") {
			t.Errorf("%q: %v, %v", test.line, got, ok)
		}
	}
}

func FuzzParseListener(f *testing.F) {
	f.Add("   0: 0100007F:1F90 00000000:0000 0A 0:0 0:0 0 0 0 4242 1")
	f.Add("0: :: 0 0A 0 0 0 0 0 1")
	f.Fuzz(func(t *testing.T, line string) {
		if got, ok := parseListener(line); ok && (!got.addr.IsValid() || got.inode == "") {
			t.Errorf("%q: %v", line, got)
		}
	})
}

func TestHolderFindsThisProcess(t *testing.T) {
	for _, bind := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		l, err := net.Listen("tcp", bind)
		if err != nil {
			t.Fatal(err)
		}
		port := l.Addr().(*net.TCPAddr).AddrPort().Port()
		own := l.Addr().(*net.TCPAddr).AddrPort()
		for _, addr := range []netip.AddrPort{own, netip.AddrPortFrom(netip.IPv4Unspecified(), port)} {
			if who := Holder(addr); !strings.HasPrefix(who, "pid "+strconv.Itoa(os.Getpid())+" ") {
				t.Errorf("%s, bound as %s, is held by %q", addr, bind, who)
			}
		}
		if !listening(netip.AddrPortFrom(own.Addr().Unmap(), port)) {
			t.Errorf("nobody listens at %s", own)
		}
		_ = l.Close()
		if who := Holder(own); who != "" {
			t.Errorf("%s is held by %q after it was closed", own, who)
		}
	}
}
