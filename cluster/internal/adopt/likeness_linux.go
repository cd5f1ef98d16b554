package adopt

import (
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// likeness returns a socket that listens at or near a private address, and is
// otherwise as the one given.
func likeness(sock int, private netip.AddrPort, backlog int) (fresh int, got netip.AddrPort, err error) {
	family := option(sock, unix.SOL_SOCKET, unix.SO_DOMAIN)
	flags, err := unix.FcntlInt(uintptr(sock), unix.F_GETFL, 0)
	if err != nil {
		return -1, got, err
	}
	fresh, err = unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|flags&unix.O_NONBLOCK,
		option(sock, unix.SOL_SOCKET, unix.SO_PROTOCOL))
	if err != nil {
		return -1, got, err
	}
	copyOptions(fresh, sock)
	if got, err = bindPrivate(fresh, family, private); err == nil {
		err = unix.Listen(fresh, backlog)
	}
	if err != nil {
		_ = unix.Close(fresh)
		return -1, got, err
	}
	return fresh, got, nil
}

// inherited are the options of a listening socket that its connections take
// over or that rule its queue, socket(7), tcp(7), ip(7), ipv6(7).
var inherited = []struct{ level, name int }{
	{unix.SOL_SOCKET, unix.SO_REUSEADDR},
	{unix.SOL_SOCKET, unix.SO_KEEPALIVE},
	{unix.SOL_SOCKET, unix.SO_OOBINLINE},
	{unix.SOL_SOCKET, unix.SO_RCVLOWAT},
	{unix.SOL_SOCKET, unix.SO_PRIORITY},
	{unix.IPPROTO_TCP, unix.TCP_NODELAY},
	{unix.IPPROTO_TCP, unix.TCP_MAXSEG},
	{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE},
	{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL},
	{unix.IPPROTO_TCP, unix.TCP_KEEPCNT},
	{unix.IPPROTO_TCP, unix.TCP_SYNCNT},
	{unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT},
	{unix.IPPROTO_TCP, unix.TCP_FASTOPEN},
	{unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT},
	{unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT},
	{unix.IPPROTO_IP, unix.IP_TOS},
	{unix.IPPROTO_IPV6, unix.IPV6_TCLASS},
}

// copyOptions sets on a socket what another has that a new one has not. An
// option that the kernel does not know, or not for this family, is no loss.
func copyOptions(to, from int) {
	for _, o := range inherited {
		if v := option(from, o.level, o.name); v >= 0 && v != option(to, o.level, o.name) {
			_ = unix.SetsockoptInt(to, o.level, o.name, v)
		}
	}
	for _, name := range []int{unix.SO_RCVBUF, unix.SO_SNDBUF} {
		if v := option(from, unix.SOL_SOCKET, name); v != option(to, unix.SOL_SOCKET, name) {
			_ = unix.SetsockoptInt(to, unix.SOL_SOCKET, name, v/2) // read, it is twice what was set
		}
	}
	for _, name := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
		if v, err := unix.GetsockoptTimeval(from, unix.SOL_SOCKET, name); err == nil {
			_ = unix.SetsockoptTimeval(to, unix.SOL_SOCKET, name, v)
		}
	}
	copyCongestion(to, from)
	copyLinger(to, from)
}

// copyCongestion sets on a private socket the congestion control that the
// program has chosen, or else one that does not pace: the router at the other
// end is on this machine, where BBR, the usual one of some systems, costs half
// of the throughput of a large response. Every Linux has Reno and allows it
// (tcp(7), tcp_allowed_congestion_control).
func copyCongestion(to, from int) {
	chosen, err := unix.GetsockoptString(from, unix.IPPROTO_TCP, unix.TCP_CONGESTION)
	if err != nil {
		return
	}
	if usual, err := unix.GetsockoptString(to, unix.IPPROTO_TCP, unix.TCP_CONGESTION); err == nil && chosen == usual {
		chosen = "reno"
	}
	_ = unix.SetsockoptString(to, unix.IPPROTO_TCP, unix.TCP_CONGESTION, chosen)
}

func copyLinger(to, from int) {
	var l unix.Linger
	size := uint32(unsafe.Sizeof(l))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(from), unix.SOL_SOCKET, unix.SO_LINGER,
		uintptr(unsafe.Pointer(&l)), uintptr(unsafe.Pointer(&size)), 0)
	if errno == 0 && l.Onoff != 0 {
		_ = unix.SetsockoptLinger(to, unix.SOL_SOCKET, unix.SO_LINGER, &l)
	}
}
