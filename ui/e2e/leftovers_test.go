//go:build linux

package e2e

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// markVar is the environment variable by which a test knows its processes. It
// reaches all that they start, however far away.
const markVar = "GCL_TUI_E2E"

// deadline bounds every wait for something that a process does.
const deadline = 60 * time.Second

// newMark returns an environment entry that no other test has.
func newMark(t *testing.T) string {
	t.Helper()
	return fmt.Sprintf("%s=%d-%s", markVar, os.Getpid(), t.Name())
}

// marked returns the processes that have mark in their environment. Zombies
// have none.
func marked(t *testing.T, mark string) (pids []int) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		env, err := os.ReadFile(file)
		if err != nil || !bytes.Contains(append(env, 0), append([]byte(mark), 0)) {
			continue // gone meanwhile, or somebody else's
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}

// awaitMarked waits until n processes with mark are there. One that has just been
// started may not be seen yet: while it becomes another program, it has no
// environment.
func awaitMarked(t *testing.T, mark string, n int) {
	t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	end := time.Now().Add(deadline)
	for there := marked(t, mark); len(there) < n; there = marked(t, mark) {
		if time.Now().After(end) {
			t.Fatalf("only %d processes after %v, want %d", len(there), deadline, n)
		}
		<-look.C
	}
}

// requireNothingLeft fails if a process with mark is there now.
func requireNothingLeft(t *testing.T, mark string) {
	t.Helper()
	for _, pid := range marked(t, mark) {
		t.Errorf("left running: %s", describeProcess(pid))
		_ = unix.Kill(pid, unix.SIGKILL)
	}
}

// awaitNothingLeft waits until no process with mark is there.
func awaitNothingLeft(t *testing.T, mark string) {
	t.Helper()
	end := time.Now().Add(deadline)
	for {
		pids := marked(t, mark)
		if len(pids) == 0 {
			return
		}
		if !awaitExit(t, pids[0], time.Until(end)) {
			requireNothingLeft(t, mark)
			return
		}
	}
}

// awaitExit waits for the end of a process, which need not be a child, and
// reports whether it came in time.
func awaitExit(t *testing.T, pid int, timeout time.Duration) bool {
	t.Helper()
	fd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return true // it has ended
	}
	defer func() { _ = unix.Close(fd) }()
	for end := time.Now().Add(timeout); ; {
		ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(ready, int(time.Until(end).Milliseconds()))
		if err != unix.EINTR {
			return n > 0
		}
	}
}

func describeProcess(pid int) string {
	cmdline, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return fmt.Sprintf("%d (ended meanwhile)", pid)
	}
	return fmt.Sprintf("%d %s", pid, strings.ReplaceAll(string(cmdline), "\x00", " "))
}

// isHelper reports whether a process is the program itself in some role.
func isHelper(t *testing.T, pid int) bool {
	t.Helper()
	exe, err := os.Readlink(fmt.Sprintf("/proc/%d/exe", pid))
	return err == nil && exe == gclTUI
}
