package tcpdiag

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

const testSeq = 7

// netlinkMessage builds one message; its length can be falsified by the caller.
func netlinkMessage(kind uint16, seq uint32, body []byte) []byte {
	h := unix.NlMsghdr{Len: uint32(headerSize + len(body)), Type: kind, Seq: seq}
	b, _ := binary.Append(nil, binary.NativeEndian, h)
	return pad(append(b, body...))
}

func attribute(kind uint16, value []byte) []byte {
	b, _ := binary.Append(nil, binary.NativeEndian, unix.NlAttr{Len: uint16(attrSize + len(value)), Type: kind})
	return pad(append(b, value...))
}

func pad(b []byte) []byte { return append(b, make([]byte, -len(b)&3)...) }

// tcpInfo is a struct tcp_info of n bytes, or its head. The offsets are those of
// <linux/tcp.h>.
func tcpInfo(n int) []byte {
	b := make([]byte, max(n, 136))
	binary.NativeEndian.PutUint32(b[68:], 1500)  // tcpi_rtt, in µs
	binary.NativeEndian.PutUint64(b[120:], 2000) // tcpi_bytes_acked
	binary.NativeEndian.PutUint64(b[128:], 100)  // tcpi_bytes_received
	return b[:n]
}

func connMessage(family, state uint8, local, remote string, attrs ...[]byte) []byte {
	m := diagMessage{Family: family, State: state, Inode: 4242}
	m.ID.Local, m.ID.LocalPort = wireAddr(family, local)
	m.ID.Remote, m.ID.RemotePort = wireAddr(family, remote)
	b, _ := binary.Append(nil, binary.NativeEndian, m)
	return append(b, slices.Concat(attrs...)...)
}

func wireAddr(family uint8, s string) (addr [16]byte, port [2]byte) {
	ap := netip.MustParseAddrPort(s)
	binary.BigEndian.PutUint16(port[:], ap.Port())
	if family == unix.AF_INET {
		copy(addr[:], ap.Addr().AsSlice())
	} else {
		addr = ap.Addr().As16()
	}
	return addr, port
}

func wantConn(local, remote string, in uint64) Conn {
	return Conn{
		Local: netip.MustParseAddrPort(local), Remote: netip.MustParseAddrPort(remote),
		Inode: 4242, BytesIn: in, BytesOut: 2000, RTT: 1500 * time.Microsecond,
	}
}

var compareAddrs = cmp.Comparer(func(a, b netip.AddrPort) bool { return a == b })

func TestLayoutIsTheKernels(t *testing.T) {
	for name, sizes := range map[string][2]uintptr{
		"inet_diag_sockid": {unsafe.Sizeof(sockID{}), 48},
		"inet_diag_req":    {unsafe.Sizeof(diagRequest{}), 60},
		"inet_diag_msg":    {unsafe.Sizeof(diagMessage{}), 72},
		"tcp_info, 4.1":    {uintptr(infoSize), 136},
	} {
		if sizes[0] != sizes[1] {
			t.Errorf("%s has %d bytes, want %d", name, sizes[0], sizes[1])
		}
	}
	request, err := encodeRequest(1, 0x1f90, carryingData)
	if err != nil || len(request) != 76 {
		t.Fatalf("request of %d bytes, %v", len(request), err)
	}
	if port := request[20:22]; port[0] != 0x1f || port[1] != 0x90 {
		t.Errorf("local port % x", port)
	}
}

func TestParseAnswer(t *testing.T) {
	info := attribute(infoAttr, tcpInfo(infoSize))
	v4 := netlinkMessage(getSock, testSeq,
		connMessage(unix.AF_INET, established, "127.0.0.1:80", "10.1.2.3:40000", info))
	v6 := netlinkMessage(getSock, testSeq,
		connMessage(unix.AF_INET6, established, "[::1]:80", "[fe80::1]:40000", info))
	done := netlinkMessage(unix.NLMSG_DONE, testSeq, make([]byte, 4))
	for _, tc := range []struct {
		name string
		in   []byte
		want []Conn
		done bool
	}{
		{name: "nothing"},
		{name: "end", in: done, done: true},
		{
			name: "both families and the end", in: slices.Concat(v4, v6, done), done: true,
			want: []Conn{
				wantConn("127.0.0.1:80", "10.1.2.3:40000", 100),
				wantConn("[::1]:80", "[fe80::1]:40000", 100),
			},
		},
		{
			name: "v4-mapped",
			in: netlinkMessage(getSock, testSeq, connMessage(unix.AF_INET6, established,
				"[::ffff:127.0.0.1]:80", "[::ffff:10.1.2.3]:40000", info)),
			want: []Conn{wantConn("127.0.0.1:80", "10.1.2.3:40000", 100)},
		},
		{
			name: "half-closed by the peer, whose FIN is no byte",
			in: netlinkMessage(getSock, testSeq, connMessage(unix.AF_INET, closeWait,
				"127.0.0.1:80", "10.1.2.3:40000", info)),
			want: []Conn{wantConn("127.0.0.1:80", "10.1.2.3:40000", 99)},
		},
		{
			name: "other attributes around, and a newer kernel's tcp_info",
			in: netlinkMessage(getSock, testSeq, connMessage(unix.AF_INET, established,
				"127.0.0.1:80", "10.1.2.3:40000", attribute(8, []byte{0}),
				attribute(infoAttr, tcpInfo(400)), attribute(4, []byte("cubic")))),
			want: []Conn{wantConn("127.0.0.1:80", "10.1.2.3:40000", 100)},
		},
		{
			name: "an answer to an older request",
			in: append(netlinkMessage(getSock, testSeq-1,
				connMessage(unix.AF_INET, established, "127.0.0.1:80", "10.1.2.3:40000", info)),
				netlinkMessage(unix.NLMSG_DONE, testSeq-1, make([]byte, 4))...),
		},
		{name: "a message of no meaning here", in: netlinkMessage(unix.NLMSG_NOOP, testSeq, nil)},
	} {
		got, end, err := parseAnswer(nil, tc.in, testSeq)
		if err != nil || end != tc.done {
			t.Errorf("%s: end %v, %v", tc.name, end, err)
		}
		if diff := cmp.Diff(tc.want, got, compareAddrs); diff != "" {
			t.Errorf("%s: %s", tc.name, diff)
		}
	}
}

func TestParseAnswerRefuses(t *testing.T) {
	conn := func(attrs ...[]byte) []byte {
		return netlinkMessage(getSock, testSeq,
			connMessage(unix.AF_INET, established, "127.0.0.1:80", "10.1.2.3:40000", attrs...))
	}
	errno := func(code int32) []byte {
		return binary.NativeEndian.AppendUint32(nil, uint32(code))
	}
	info := attribute(infoAttr, tcpInfo(infoSize))
	whole := conn(info)
	long, short := slices.Clone(whole), slices.Clone(whole)
	binary.NativeEndian.PutUint32(long, uint32(len(long)+4))
	binary.NativeEndian.PutUint32(short, uint32(headerSize-1))
	longAttr := slices.Clone(info)
	binary.NativeEndian.PutUint16(longAttr, uint16(len(longAttr)+1))
	for _, tc := range []struct {
		name string
		in   []byte
		want error
	}{
		{"half a header", whole[:headerSize-1], errMalformed},
		{"cut short", whole[:len(whole)-4], errMalformed},
		{"longer than what came", long, errMalformed},
		{"shorter than its header", short, errMalformed},
		{"half a connection", netlinkMessage(getSock, testSeq, make([]byte, messageSize-1)), errMalformed},
		{"no tcp_info", conn(), errMalformed},
		{"attribute longer than the message", conn(longAttr), errMalformed},
		{"attribute shorter than its header", conn(make([]byte, attrSize)), errMalformed},
		{"tcp_info without bytes", conn(attribute(infoAttr, tcpInfo(infoSize-8))), ErrUnsupported},
		{"error of the kernel", netlinkMessage(unix.NLMSG_ERROR, testSeq, errno(-int32(unix.ENOENT))), unix.ENOENT},
		{"error at the end", netlinkMessage(unix.NLMSG_DONE, testSeq, errno(-int32(unix.ENOMEM))), unix.ENOMEM},
		{"end without a status", netlinkMessage(unix.NLMSG_DONE, testSeq, nil), errMalformed},
	} {
		if got, _, err := parseAnswer(nil, tc.in, testSeq); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v, %v, want %v", tc.name, got, err, tc.want)
		}
	}
}

func TestKernelWithoutSockDiagIsUnsupported(t *testing.T) {
	for errno, want := range map[unix.Errno]bool{
		unix.ENOENT: true, unix.EPROTONOSUPPORT: true, unix.EPERM: true, unix.ENOMEM: false, unix.EMFILE: false,
	} {
		err := explain(errno)
		if errors.Is(err, ErrUnsupported) != want || !errors.Is(err, errno) {
			t.Errorf("%v became %v", errno, err)
		}
	}
}

func FuzzParseAnswer(f *testing.F) {
	info := attribute(infoAttr, tcpInfo(infoSize))
	conn := netlinkMessage(getSock, testSeq,
		connMessage(unix.AF_INET6, closeWait, "[::1]:80", "[::2]:40000", attribute(8, []byte{0}), info))
	f.Add(conn)
	f.Add(append(conn, netlinkMessage(unix.NLMSG_DONE, testSeq, make([]byte, 4))...))
	f.Add(conn[:len(conn)-3])
	f.Fuzz(func(t *testing.T, b []byte) {
		conns, done, err := parseAnswer(nil, b, testSeq)
		if n := len(b) / (headerSize + messageSize + attrSize + infoSize); len(conns) > n {
			t.Errorf("%d connections in %d bytes", len(conns), len(b))
		}
		if done && len(b) < headerSize {
			t.Errorf("%d bytes were the end (%v)", len(b), err)
		}
		for _, c := range conns {
			if !c.Local.IsValid() || c.Local.Addr().Is4In6() || c.RTT < 0 {
				t.Errorf("impossible connection %+v", c)
			}
		}
	})
}
