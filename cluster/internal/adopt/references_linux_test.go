package adopt

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestReferences has an epoll instance that knows the socket under one number, and
// under another something else that the socket has taken the number of.
func TestReferences(t *testing.T) {
	sock, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	must(t, err)
	defer func() { _ = unix.Close(sock) }()
	instance, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	must(t, err)
	defer func() { _ = unix.Close(instance) }()
	r, w, err := os.Pipe()
	must(t, err)
	defer func() { _, _ = r.Close(), w.Close() }()
	other, err := unix.FcntlInt(r.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	must(t, err)
	defer func() { _ = unix.Close(other) }()
	register := func(fd int) {
		must(t, unix.EpollCtl(instance, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}))
	}
	register(sock)
	register(other) // of a file that stays open by its other descriptor
	must(t, unix.Dup3(sock, other, unix.O_CLOEXEC))

	refs := referencesTo(uint32(unix.Gettid()), sock)
	if n := len(refs.descriptors); n != 2 {
		t.Errorf("%d descriptors", n)
	}
	want := registration{instance, sock, unix.EPOLLIN, uint64(sock)}
	if len(refs.registrations) != 1 {
		t.Fatalf("registrations %+v", refs.registrations)
	}
	got := refs.registrations[0]
	got.events &= unix.EPOLLIN // the kernel adds what is always told
	if got != want {
		t.Errorf("registration %+v, want %+v", got, want)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
