package adopt

import (
	"bytes"
	"fmt"
	"net/netip"
	"os"
	"strconv"

	"golang.org/x/sys/unix"
)

// borrow returns a duplicate of the descriptor fd of the process that the
// thread tid belongs to. It shares the open file description: what is done to
// one is done to both.
func borrow(tid uint32, fd int) (int, error) {
	pidfd, err := openThread(tid)
	if err != nil {
		return -1, err
	}
	defer func() { _ = unix.Close(pidfd) }()
	dup, err := unix.PidfdGetfd(pidfd, fd, 0)
	if err != nil {
		return -1, fmt.Errorf("pidfd_getfd: %w", err)
	}
	return dup, nil
}

// pidfdThread is PIDFD_THREAD of <linux/pidfd.h>.
const pidfdThread = unix.O_EXCL

// openThread returns a pidfd of a thread: its process may go on without the
// leader, which has no descriptors then. Before Linux 6.9 there is none but of
// the leader (pidfd_open(2), PIDFD_THREAD).
func openThread(tid uint32) (int, error) {
	if pidfd, err := unix.PidfdOpen(int(tid), pidfdThread); err == nil {
		return pidfd, nil
	}
	pid, err := threadGroup(tid)
	if err != nil {
		return -1, err
	}
	pidfd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return -1, fmt.Errorf("pidfd_open %d: %w", pid, err)
	}
	return pidfd, nil
}

// threadGroup returns the pid of the process that a thread belongs to.
func threadGroup(tid uint32) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", tid))
	if err != nil {
		return 0, err
	}
	_, after, found := bytes.Cut(status, []byte("\nTgid:"))
	if !found {
		return 0, fmt.Errorf("no Tgid in the status of %d", tid)
	}
	line, _, _ := bytes.Cut(after, []byte("\n"))
	return strconv.Atoi(string(bytes.TrimSpace(line)))
}

// readMemory fills buf from the address of a process that waits in a call.
func readMemory(tid uint32, address uint64, buf []byte) error {
	local := []unix.Iovec{{Base: &buf[0]}}
	local[0].SetLen(len(buf))
	remote := []unix.RemoteIovec{{Base: uintptr(address), Len: len(buf)}}
	n, err := unix.ProcessVMReadv(int(tid), local, remote, 0)
	if err != nil {
		return fmt.Errorf("process_vm_readv: %w", err)
	}
	if n != len(buf) {
		return fmt.Errorf("process_vm_readv: %d of %d bytes", n, len(buf))
	}
	return nil
}

// parseSockaddr reads an IPv4 or IPv6 address as bind(2) takes it (ip(7),
// ipv6(7)); ok is false for every other family and for one that is too short.
func parseSockaddr(raw []byte) (addr netip.AddrPort, ok bool) {
	if len(raw) < 2 {
		return netip.AddrPort{}, false
	}
	port := func() uint16 { return uint16(raw[2])<<8 | uint16(raw[3]) }
	switch family := uint16(raw[0]) | uint16(raw[1])<<8; {
	case family == unix.AF_INET && len(raw) >= unix.SizeofSockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(raw[4:8])), port()), true
	case family == unix.AF_INET6 && len(raw) >= unix.SizeofSockaddrInet6-4:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(raw[8:24])), port()), true
	}
	return netip.AddrPort{}, false
}

// sockaddr returns addr in the family of a socket.
func sockaddr(family int, addr netip.AddrPort) unix.Sockaddr {
	if family == unix.AF_INET6 {
		return &unix.SockaddrInet6{Addr: addr.Addr().As16(), Port: int(addr.Port())}
	}
	return &unix.SockaddrInet4{Addr: addr.Addr().Unmap().As4(), Port: int(addr.Port())}
}

// localAddr returns the address that a socket is bound to, unmapped; port 0 if
// it is not.
func localAddr(fd int) netip.AddrPort {
	sa, err := unix.Getsockname(fd)
	if err != nil {
		return netip.AddrPort{}
	}
	switch sa := sa.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(sa.Addr), uint16(sa.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(sa.Addr).Unmap(), uint16(sa.Port))
	}
	return netip.AddrPort{}
}

// inItsFamily returns the address of a socket, v4-mapped if it is an IPv6 one.
func inItsFamily(sock int, local netip.AddrPort) netip.AddrPort {
	if option(sock, unix.SOL_SOCKET, unix.SO_DOMAIN) != unix.AF_INET6 {
		return local
	}
	return netip.AddrPortFrom(netip.AddrFrom16(local.Addr().As16()), local.Port())
}

// inodeOf returns the number of a socket, as in "socket:[N]" of /proc/PID/fd.
func inodeOf(sock int) uint64 {
	var st unix.Stat_t
	if unix.Fstat(sock, &st) != nil {
		return 0
	}
	return st.Ino
}

func option(fd, level, name int) int {
	v, err := unix.GetsockoptInt(fd, level, name)
	if err != nil {
		return -1
	}
	return v
}
