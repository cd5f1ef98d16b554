package proc

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// TestOrphansComeHereAndAreReaped kills a daemonised grandchild while its
// worker lives, and waits until it is no zombie any more.
func TestOrphansComeHereAndAreReaped(t *testing.T) {
	s := newSpawner(t)
	p, lines := start(t, s, os.Environ(), "family", "x")
	daemon := readMembers(t, lines, 4)["x-daemon"]
	if err := unix.Kill(daemon.pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if !daemon.gone(deadline) {
		t.Fatal("the daemon cannot be killed")
	}
	there := func(p stat) bool { return p.pid == daemon.pid }
	for end := time.Now().Add(deadline); slices.ContainsFunc(processes(), there); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatal("the orphan is left as a zombie")
		}
	}
	askAlive(t, p.PID, lines.Scan, lines.Text)
}

// TestNothingStrays has a worker's child that no session, group or environment
// gives away. A child of the host's own that is like it is left alone.
func TestNothingStrays(t *testing.T) {
	s, err := NewSpawner(selfExe)
	if err != nil {
		t.Fatal(err)
	}
	_, lines := start(t, s, os.Environ(), "filtered", "stray", "x")
	members := readMembers(t, lines, 2)
	own := exec.Command(selfExe, rolePrefix+"stay", "own")
	own.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := own.Start(); err != nil {
		t.Fatal(err)
	}
	s.Close()
	awaitGone(t, members)
	if hold(t, own.Process.Pid).gone(0) {
		t.Error("the host's own child is gone too")
	}
	_ = own.Process.Kill()
	_ = own.Wait()
}

func TestHostsOwnChildrenAreLeftAlone(t *testing.T) {
	newSpawner(t)
	for range 5 {
		cmd := exec.Command(selfExe, rolePrefix+"exit", "3")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := awaitExit(cmd.Process.Pid); err != nil {
			t.Fatal(err)
		}
		reapOnce()
		var exit *exec.ExitError
		if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 3 {
			t.Errorf("os/exec says %v, want exit status 3", err)
		}
	}
}

// TestSpawnersLeaveEachOthersChildren has two Spawners in one process: what
// the one waits for is no orphan to the other.
func TestSpawnersLeaveEachOthersChildren(t *testing.T) {
	one, _ := newSpawner(t), newSpawner(t)
	p, lines := start(t, one, os.Environ(), "stay", "it")
	readMembers(t, lines, 1)
	one.mu.Lock() // keeps it from being reaped
	_ = unix.Kill(p.PID, unix.SIGTERM)
	await(t, "exit", p.Exited())
	reapOnce()
	left := slices.ContainsFunc(processes(), func(s stat) bool { return s.pid == p.PID && s.state == 'Z' })
	one.mu.Unlock()
	if !left {
		t.Error("a process was reaped by who does not wait for it")
	}
	await(t, "the end", p.Gone())
	if p.Exit().Code != exitOnTerm {
		t.Errorf("%v", p.Exit())
	}
}

// TestSubreaperIsGivenUp checks that orphans stop coming once nobody reaps them.
func TestSubreaperIsGivenUp(t *testing.T) {
	is := func() (v int32) {
		if err := unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&v)), 0, 0, 0); err != nil {
			t.Fatal(err)
		}
		return v
	}
	before := is()
	one, err := NewSpawner(selfExe)
	if err != nil {
		t.Fatal(err)
	}
	two, err := NewSpawner(selfExe)
	if err != nil {
		t.Fatal(err)
	}
	one.Close()
	if is() != 1 {
		t.Error("no sub-reaper while there is a Spawner")
	}
	two.Close()
	if is() != before {
		t.Errorf("sub-reaper is %d afterwards, was %d", is(), before)
	}
}

// TestManyComeAndGo counts descriptors around 64 processes.
func TestManyComeAndGo(t *testing.T) {
	if s, err := NewSpawner(selfExe); err != nil { // the runtime's own descriptors
		t.Fatal(err)
	} else {
		s.Close()
	}
	before := openFiles(t)
	s, err := NewSpawner(selfExe)
	if err != nil {
		t.Fatal(err)
	}
	var all []*Process
	for i := range 64 {
		p, err := s.Start(Spec{Path: selfExe, Args: []string{"test", rolePrefix + "exit", itoa(i)}, Env: os.Environ()})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	for i, p := range all {
		await(t, "process "+itoa(i), p.Gone())
		if p.Exit().Code != i {
			t.Errorf("process %d: %v", i, p.Exit())
		}
	}
	s.Close()
	after := openFiles(t)
	for _, name := range before { // others of these may have been closed
		if i := slices.Index(after, name); i >= 0 {
			after = slices.Delete(after, i, i+1)
		}
	}
	if len(after) > 0 {
		t.Errorf("descriptors before %q, and since then %q", before, after)
	}
	for _, p := range processes() {
		if p.parent == os.Getpid() {
			t.Errorf("child %d is left in state %c", p.pid, p.state)
		}
	}
}

// openFiles returns what the open descriptors are.
func openFiles(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if to, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			names = append(names, to)
		}
	}
	slices.Sort(names)
	return names
}
