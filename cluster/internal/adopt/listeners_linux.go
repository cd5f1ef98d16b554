package adopt

import (
	"bufio"
	"encoding/hex"
	"io"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
)

// tcpListener is a line of /proc/net/tcp or tcp6 in state LISTEN, proc_net(5).
type tcpListener struct {
	addr  netip.AddrPort // unmapped
	inode string
}

// listeners returns all listening TCP sockets of this network namespace.
func listeners() []tcpListener {
	var all []tcpListener
	for _, name := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		if table, err := os.Open(name); err == nil {
			all = append(all, parseListeners(table)...)
			_ = table.Close()
		}
	}
	return all
}

// parseListeners reads a table as far as its listeners go: the kernel lists them
// before all others (tcp_seq_start), of which there may be tens of thousands, at a
// microsecond or more each.
func parseListeners(table io.Reader) (all []tcpListener) {
	lines := bufio.NewScanner(table)
	lines.Scan() // the names of the columns
	for lines.Scan() {
		l, ok := parseListener(lines.Text())
		if !ok {
			break
		}
		all = append(all, l)
	}
	return all
}

const stateListen = "0A"

func parseListener(line string) (tcpListener, bool) {
	f := strings.Fields(line)
	if len(f) < 10 || f[3] != stateListen {
		return tcpListener{}, false
	}
	host, port, ok := strings.Cut(f[1], ":")
	raw, err := hex.DecodeString(host)
	p, err2 := strconv.ParseUint(port, 16, 16)
	if !ok || err != nil || err2 != nil || len(raw)%4 != 0 {
		return tcpListener{}, false
	}
	for i := 0; i < len(raw); i += 4 { // 32-bit words in the host's order
		slices.Reverse(raw[i : i+4])
	}
	ip, ok := netip.AddrFromSlice(raw)
	if !ok {
		return tcpListener{}, false
	}
	return tcpListener{netip.AddrPortFrom(ip.Unmap(), uint16(p)), f[9]}, true
}

// listening says whether any socket listens on exactly addr.
func listening(addr netip.AddrPort) bool {
	return slices.ContainsFunc(listeners(), func(l tcpListener) bool { return l.addr == addr })
}

// Holder returns the process that listens on a port in the way of addr, as in
// "pid 4121 nginx", or "" if it cannot be told (it may be another user's).
func Holder(addr netip.AddrPort) string {
	for _, l := range listeners() {
		if !l.inTheWayOf(addr) {
			continue
		}
		if who := owner(l.inode); who != "" {
			return who
		}
	}
	return ""
}

// Held says whether anything listens in the way of addr, but for what is at an
// address of the caller's own.
func Held(addr netip.AddrPort, own func(netip.Addr) bool) bool {
	return slices.ContainsFunc(listeners(), func(l tcpListener) bool {
		return l.inTheWayOf(addr) && !own(l.addr.Addr())
	})
}

func (l tcpListener) inTheWayOf(addr netip.AddrPort) bool {
	wild := l.addr.Addr().IsUnspecified() || addr.Addr().IsUnspecified()
	return l.addr.Port() == addr.Port() && (wild || l.addr.Addr() == addr.Addr().Unmap())
}

// owner finds the process that has a socket open, and says its name.
func owner(inode string) string {
	pid := holder(inode, func(int) bool { return true })
	if pid == "" {
		return ""
	}
	comm, _ := os.ReadFile("/proc/" + pid + "/comm")
	return "pid " + pid + " " + strings.TrimSpace(string(comm))
}

// holder finds one of some processes that has a socket open.
func holder(inode string, of func(pid int) bool) (pid string) {
	want := "socket:[" + inode + "]"
	procs, err := os.ReadDir("/proc")
	if err != nil {
		return ""
	}
	for _, p := range procs {
		if n, err := strconv.Atoi(p.Name()); err != nil || !of(n) {
			continue
		}
		fds, err := os.ReadDir("/proc/" + p.Name() + "/fd")
		if err != nil {
			continue
		}
		for _, fd := range fds {
			if to, err := os.Readlink("/proc/" + p.Name() + "/fd/" + fd.Name()); err == nil && to == want {
				return p.Name()
			}
		}
	}
	return ""
}
