//go:build linux

package e2e

import (
	"bufio"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// family is a worker with a child, a grandchild, a child that leaves its
// session, and one that leaves its session and its parent. Four of them say when
// those below them are there.
const family = `
sleep 1001 &
sh -c 'sleep 1002 & echo member; wait' &
setsid sh -c 'sleep 1003 & echo member; wait' &
(setsid sh -c 'sleep 1004 & echo member; wait' &)
trap "" HUP
echo member
wait
`

// How many of a family speak, and how many there are.
const speakers, familySize = 4, 8

// awaitFamilies waits until n families are complete.
func (h *headless) awaitFamilies(n int) {
	h.t.Helper()
	for range n * speakers {
		h.awaitLog("member")
	}
}

// TestNothingOutlivesMaster ends the master in each way there is.
func TestNothingOutlivesMaster(t *testing.T) {
	for _, sig := range []syscall.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGSEGV, syscall.SIGKILL,
	} {
		t.Run(sig.String(), func(t *testing.T) {
			h := startHeadless(t, nil, "-n", "2", "--ready", "delay:0s", "sh", "-c", family)
			h.awaitFamilies(2)
			awaitMarked(t, h.mark, 1+2*familySize) // with fewer, the test would not test much
			h.signal(sig)
			h.wait()
			if sig == syscall.SIGINT || sig == syscall.SIGTERM || sig == syscall.SIGHUP {
				requireNothingLeft(t, h.mark)
				return
			}
			awaitNothingLeft(t, h.mark)
		})
	}
}

// TestNothingOfABuildOutlivesMaster ends the master while a build runs that has
// started processes of its own.
func TestNothingOfABuildOutlivesMaster(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(sig.String(), func(t *testing.T) {
			dir := t.TempDir()
			said := newPipe(t, filepath.Join(dir, "said"))
			script := filepath.Join(dir, "build.sh")
			if err := os.WriteFile(script, []byte("exec >"+dir+"/said\n"+family), 0o644); err != nil {
				t.Fatal(err)
			}
			h := startHeadless(t, nil, "--build", "sh "+script, filepath.Join(dir, "none"))
			for range speakers {
				if _, err := said.ReadString('\n'); err != nil {
					t.Fatal(err)
				}
			}
			h.signal(sig)
			h.wait()
			if sig == syscall.SIGTERM {
				requireNothingLeft(t, h.mark)
				return
			}
			awaitNothingLeft(t, h.mark)
		})
	}
}

// newPipe makes a named pipe, and reads it until the test's deadline.
func newPipe(t *testing.T, name string) *bufio.Reader {
	t.Helper()
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_RDWR|syscall.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if err := f.SetReadDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	return bufio.NewReader(f)
}

// TestNothingOutlivesWorker: what a worker leaves behind is gone before its
// replacement starts, so that it cannot hold what that needs.
func TestNothingOutlivesWorker(t *testing.T) {
	h := startHeadless(t, nil, "-n", "1", "--ready", "delay:0s", "sh", "-c", family)
	h.awaitFamilies(1)
	before := marked(t, h.mark)
	first := h.seen[len(h.seen)-1]
	var pid int
	for _, e := range h.seen {
		if e.Event == "worker_started" && e.Worker == first.Worker {
			pid = e.PID
		}
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	h.awaitFamilies(1)
	for _, p := range before {
		if p == h.cmd.Process.Pid {
			continue
		}
		for _, now := range marked(t, h.mark) {
			if now == p && !isHelper(t, p) {
				t.Errorf("left of the first worker: %s", describeProcess(p))
			}
		}
	}
}
