package steer

import (
	"testing"

	"golang.org/x/sys/unix"
)

// TestShutDownByItsProgram: the kernel takes a socket that is shut down out of
// the group at once, and Leave puts the program right.
func TestShutDownByItsProgram(t *testing.T) {
	for name, protocol := range map[string]int{"TCP": unix.IPPROTO_TCP, "multipath TCP": unix.IPPROTO_MPTCP} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			a, fdA := r.join(protocol)
			b, fdB := r.join(protocol)
			c, fdC := r.join(protocol)
			defer func() { _, _, _ = unix.Close(fdA), unix.Close(fdB), unix.Close(fdC) }()
			r.setReady(a, true)
			r.setReady(c, true)
			if !a.Listens() {
				t.Error("the first member does not listen")
			}
			if err := unix.Shutdown(fdA, unix.SHUT_RDWR); err != nil {
				t.Fatal(err)
			}
			if a.Listens() {
				t.Error("the first member listens when it is shut down")
			}
			if _, err := a.Leave(); err != nil {
				t.Fatal(err)
			}
			r.dial(20)
			r.awaitQueue(c, 20)
			r.awaitQueue(b, 0)
		})
	}
}

// TestShutDownUnnoticed: nobody has taken a socket that was shut down out of the
// group when the next joins, or gets ready.
func TestShutDownUnnoticed(t *testing.T) {
	for name, protocol := range map[string]int{"TCP": unix.IPPROTO_TCP, "multipath TCP": unix.IPPROTO_MPTCP} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			var members []*Member
			var fds []int
			for range 4 {
				m, fd := r.join(protocol)
				defer func() { _ = unix.Close(fd) }()
				members, fds = append(members, m), append(fds, fd)
			}
			only := func(want *Member, n int) {
				t.Helper()
				r.setReady(want, true)
				r.dial(10)
				r.awaitQueue(want, n)
				r.setReady(want, false)
			}
			shutDown := func(i int) {
				t.Helper()
				if err := unix.Shutdown(fds[i], unix.SHUT_RDWR); err != nil {
					t.Fatal(err)
				}
			}
			shutDown(0) // the last, of index 4, has index 1 from now on
			only(members[3], 10)
			shutDown(1)
			e, fdE := r.join(protocol)
			defer func() { _ = unix.Close(fdE) }()
			only(e, 10)
			for _, m := range members[:2] {
				if queued, err := m.Leave(); len(queued) != 0 || err != nil {
					t.Errorf("what was shut down leaves with %v, %v", queued, err)
				}
			}
			only(members[2], 10)
			only(members[3], 20)
			only(e, 20)
		})
	}
}
