package proc

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestLeadersExitEndsTheFamily(t *testing.T) {
	for _, sig := range []unix.Signal{unix.SIGTERM, unix.SIGKILL} {
		t.Run(unix.SignalName(sig), func(t *testing.T) {
			s := newSpawner(t)
			p, lines := start(t, s, os.Environ(), "family", "x")
			members := readMembers(t, lines, 4)
			bystander, more := start(t, s, os.Environ(), "stay", "bystander")
			readMembers(t, more, 1)
			if err := unix.Kill(p.PID, sig); err != nil { // the leader only
				t.Fatal(err)
			}
			await(t, "the family's end", p.Gone())
			for name, m := range members {
				if !m.gone(0) {
					t.Errorf("%s (pid %d) lives on when the process is said to be gone", name, m.pid)
				}
			}
			askAlive(t, bystander.PID, more.Scan, more.Text)
		})
	}
}

// TestWhatIsApartEndsWithItsLeader has a child that only its parent gives away.
func TestWhatIsApartEndsWithItsLeader(t *testing.T) {
	s := newSpawner(t)
	p, lines := start(t, s, os.Environ(), "apart", "x")
	members := readMembers(t, lines, 2)
	s.Follow(map[int][]int{p.PID: {p.PID, members["x-apart"].pid}, os.Getpid(): {os.Getpid()}})
	if err := p.Kill(); err != nil {
		t.Fatal(err)
	}
	await(t, "the end of both", p.Gone())
	if !members["x-apart"].gone(0) {
		t.Error("the child lives on")
	}
}

// TestCloseKillsWhatRuns closes a Spawner that still has a family.
func TestCloseKillsWhatRuns(t *testing.T) {
	s, err := NewSpawner(selfExe)
	if err != nil {
		t.Fatal(err)
	}
	p, lines := start(t, s, os.Environ(), "family", "x")
	members := readMembers(t, lines, 4)
	s.Close()
	await(t, "the process", p.Gone())
	awaitGone(t, members)
	if got := p.Exit().Signal; got != "SIGKILL" {
		t.Errorf("ended by %q", got)
	}
}

// TestStartersThreadMayEnd starts a process from a thread that ends: the
// parent-death signal must not be tied to it.
func TestStartersThreadMayEnd(t *testing.T) {
	s := newSpawner(t)
	type started struct {
		p     *Process
		lines interface {
			Scan() bool
			Text() string
		}
		tid int
	}
	c := make(chan started, 1)
	var starter func()
	starter = func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with this
		if unix.Gettid() == os.Getpid() {
			// The first thread never ends. While this has it, that gets another.
			done := make(chan struct{})
			go func() { defer close(done); starter() }()
			<-done
			return
		}
		p, lines := start(t, s, os.Environ(), "stay", "it")
		c <- started{p, lines, unix.Gettid()}
	}
	go starter()
	st := <-c
	if !st.lines.Scan() {
		t.Fatal("the process did not come up")
	}
	for end := time.Now().Add(deadline); ; runtime.Gosched() {
		if _, err := os.Stat("/proc/self/task/" + itoa(st.tid)); err != nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the thread did not end")
		}
	}
	askAlive(t, st.p.PID, st.lines.Scan, st.lines.Text)
}

// askAlive sends SIGUSR1 to a role that stays and reads its answer.
func askAlive(t *testing.T, pid int, scan func() bool, text func() string) {
	t.Helper()
	if err := unix.Kill(pid, unix.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	if !scan() || text() != "alive" {
		t.Errorf("%d does not answer", pid)
	}
}
