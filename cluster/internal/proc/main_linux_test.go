package proc

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

// deadline is how long anything a test waits for may take on a busy machine.
const deadline = 60 * time.Second

// selfExe is what roles and keepers are run from.
const selfExe = "/proc/self/exe"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == KeeperArg {
		RunKeeper(os.Args[2])
		os.Exit(0)
	}
	if len(os.Args) > 1 {
		if role, ok := strings.CutPrefix(os.Args[1], rolePrefix); ok {
			os.Exit(playRole(role, os.Args[2:]))
		}
	}
	goleak.VerifyTestMain(m)
}

// newSpawner returns a Spawner that is closed at the end of the test, which
// must leave no child behind that nobody waits for.
func newSpawner(t *testing.T) *Spawner {
	t.Helper()
	s, err := NewSpawner(selfExe)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		s.Close()
		for _, p := range processes() {
			if p.parent == os.Getpid() && !isWaited(p.pid) {
				t.Errorf("child %d is left, in state %c", p.pid, p.state)
			}
		}
	})
	return s
}

func isWaited(pid int) bool {
	waited.mu.Lock()
	defer waited.mu.Unlock()
	return waited.pids[pid]
}

// start starts a role whose standard output can be read line by line.
func start(t *testing.T, s *Spawner, env []string, role ...string) (*Process, *bufio.Scanner) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	if err := r.SetReadDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"test", rolePrefix + role[0]}, role[1:]...)
	p, err := s.Start(Spec{Path: selfExe, Args: args, Env: env, Stdout: w, Stderr: os.Stderr})
	_ = w.Close()
	if err != nil {
		t.Fatal(err)
	}
	return p, bufio.NewScanner(r)
}

// await waits for a channel to be closed.
func await(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(deadline):
		t.Fatalf("%s: still waiting after %v", what, deadline)
	}
}

// member is a process that said its name and pid. It is held by a descriptor,
// so that it cannot be mistaken for a later process with the same pid.
type member struct{ pid, pidfd int }

// readMembers reads n lines of "NAME PID" from running processes, which are
// killed at the end of the test whatever happens.
func readMembers(t *testing.T, lines *bufio.Scanner, n int) map[string]member {
	t.Helper()
	members := map[string]member{}
	for range n {
		if !lines.Scan() {
			t.Fatalf("only %d of %d processes came up: %v", len(members), n, lines.Err())
		}
		name, pid := nameAndPID(t, lines.Text())
		members[name] = hold(t, pid)
	}
	return members
}

func nameAndPID(t *testing.T, line string) (name string, pid int) {
	t.Helper()
	if _, err := fmt.Sscan(line, &name, &pid); err != nil {
		t.Fatalf("line %q: %v", line, err)
	}
	return name, pid
}

// hold returns a running process, which is killed at the end of the test.
func hold(t *testing.T, pid int) member {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatalf("pid %d: %v", pid, err)
	}
	t.Cleanup(func() {
		_ = unix.PidfdSendSignal(fd, unix.SIGKILL, nil, 0)
		_ = unix.Close(fd)
	})
	return member{pid, fd}
}

// gone says whether the process ends within a time; 0 asks for now.
func (m member) gone(within time.Duration) bool {
	fds := []unix.PollFd{{Fd: int32(m.pidfd), Events: unix.POLLIN}}
	for end := time.Now().Add(within); ; {
		n, err := unix.Poll(fds, int(max(0, time.Until(end).Milliseconds())))
		if err == nil {
			return n == 1
		}
	}
}

func awaitGone(t *testing.T, members map[string]member) {
	t.Helper()
	for name, m := range members {
		if !m.gone(deadline) {
			t.Errorf("%s (pid %d) lives on", name, m.pid)
		}
	}
}
