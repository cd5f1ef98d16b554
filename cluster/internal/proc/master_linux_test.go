package proc

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// startMaster runs a master in a process of its own and returns all processes
// that there are then: keeper, master, and two families of four.
func startMaster(t *testing.T) (*exec.Cmd, *bufio.Scanner, map[string]member) {
	t.Helper()
	return startMasterAs(t, "master", 10)
}

// startMasterAs runs a role that says the names of n processes.
func startMasterAs(t *testing.T, role string, n int) (*exec.Cmd, *bufio.Scanner, map[string]member) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	if err := r.SetReadDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(selfExe, rolePrefix+role)
	cmd.Stdout, cmd.Stderr = w, os.Stderr
	err = cmd.Start()
	_ = w.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(r)
	return cmd, lines, readMembers(t, lines, n)
}

func TestKilledMasterLeavesNothing(t *testing.T) {
	cmd, _, members := startMaster(t)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, members)
}

// TestWithoutKeeperWorkersStillEnd holds the keeper up: the workers' leaders
// must end by the parent-death signal alone. Then it goes on with the rest.
func TestWithoutKeeperWorkersStillEnd(t *testing.T) {
	cmd, _, members := startMaster(t)
	holdUp(t, members["keeper"].pid)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, map[string]member{"a": members["a"], "b": members["b"]})
	if members["a-daemon"].gone(0) {
		t.Error("the daemonised grandchild ended without the keeper: this test shows nothing")
	}
	if err := unix.Kill(members["keeper"].pid, unix.SIGCONT); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, members)
}

// holdUp stops a process. When it returns, no thread of it runs any more.
func holdUp(t *testing.T, pid int) {
	t.Helper()
	if err := unix.Kill(pid, unix.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	stopped := func(p stat) bool { return p.pid == pid && p.state == 'T' }
	for end := time.Now().Add(deadline); !slices.ContainsFunc(processes(), stopped); runtime.Gosched() {
		if time.Now().After(end) {
			t.Fatalf("%d does not stop", pid)
		}
	}
}

func TestKilledKeeperIsReplacedAndActs(t *testing.T) {
	cmd, lines, members := startMaster(t)
	replaceKeeper(t, cmd, lines, members)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, members)
}

// replaceKeeper kills a master's keeper and waits for the next one.
func replaceKeeper(t *testing.T, cmd *exec.Cmd, lines *bufio.Scanner, members map[string]member) {
	t.Helper()
	old := members["keeper"]
	if err := unix.Kill(old.pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if !old.gone(deadline) {
		t.Fatal("the keeper cannot be killed")
	}
	for end := time.Now().Add(deadline); ; {
		if err := cmd.Process.Signal(unix.SIGUSR1); err != nil {
			t.Fatal(err)
		}
		if !lines.Scan() {
			t.Fatalf("the master does not answer: %v", lines.Err())
		}
		if _, pid := nameAndPID(t, lines.Text()); pid != old.pid {
			members["keeper"] = hold(t, pid)
			return
		}
		if time.Now().After(end) {
			t.Fatal("the keeper was not replaced")
		}
	}
}

// TestKilledMasterLeavesNoStray has a daemon that only its parent gave away, which
// the master was. A keeper that took the first one's place knows of it, too.
func TestKilledMasterLeavesNoStray(t *testing.T) {
	for _, replaced := range []bool{false, true} {
		t.Run(fmt.Sprintf("keeper replaced %v", replaced), func(t *testing.T) {
			cmd, lines, members := startMasterAs(t, "master of strays", 5)
			if replaced {
				replaceKeeper(t, cmd, lines, members)
			}
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			awaitGone(t, members)
		})
	}
}

// TestKilledMasterLeavesNothingApart has a child of a worker's that only its parent
// gives away, which dies with the master.
func TestKilledMasterLeavesNothingApart(t *testing.T) {
	cmd, _, members := startMasterAs(t, "master of apart", 4)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	awaitGone(t, members)
}

// TestKeeperThatCannotLiveIsGivenUp has an executable that ends at once in the
// keeper's place; processes are started and ended all the same.
func TestKeeperThatCannotLiveIsGivenUp(t *testing.T) {
	s, err := NewSpawner("/bin/true")
	if err != nil {
		t.Fatal(err)
	}
	await(t, "giving the keeper up", s.keeper.done)
	p, _ := start(t, s, os.Environ(), "exit", "4")
	await(t, "exit", p.Gone())
	if p.Exit().Code != 4 {
		t.Errorf("%v", p.Exit())
	}
	s.Close()
}
