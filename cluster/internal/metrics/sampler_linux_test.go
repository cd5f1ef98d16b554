package metrics

import (
	"math"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// noise is how far, in percent over a window of one second, the sampler may be
// from a worker's own account of what it burnt: three ticks for what its
// runtime does before and after.
const noise = 3

// The clock of these tests is their own: each sample is said to be one second
// after the one before, so that percent of a core are hundredths of a second
// of CPU time, however long the burning took.
func second(n int) time.Time { return time.Unix(1_700_000_000+int64(n), 0) }

func TestGrandchildInItsOwnSession(t *testing.T) {
	w := startWorker(t, "parent")
	w.ask("burn 100") // before the first sample: must not show
	s := New(os.Getpid())

	first := s.Sample(second(0), []int{w.pid}).Trees[w.pid]
	if first.CPU != Unknown || len(first.CPUHistory) != 0 {
		t.Errorf("the first sample has CPU %v, history %v", first.CPU, first.CPUHistory)
	}
	for i, command := range []string{"burn 400", "burn 0", "burn 150"} {
		took := w.ask(command)
		got := s.Sample(second(i+1), []int{w.pid}).Trees[w.pid]
		checkCPU(t, command, got.CPU, took)
		if len(got.CPUHistory) != i+1 || got.CPUHistory[i] != got.CPU {
			t.Errorf("%s: history %v does not end with %v", command, got.CPUHistory, got.CPU)
		}
		if got.Threads < 2 || got.RSS < 2<<20 {
			t.Errorf("%s: %d threads, %d bytes, too few for two Go programs", command, got.Threads, got.RSS)
		}
	}
}

func TestChildrenThatEndBetweenSamples(t *testing.T) {
	w := startWorker(t, "parent")
	w.ask("burn 0") // the burner is up
	s := New(os.Getpid())
	s.Sample(second(0), []int{w.pid})
	took := w.ask("short 5")
	got := s.Sample(second(1), []int{w.pid}).Trees[w.pid].CPU
	// Starting them costs the burner itself something too.
	if want := 100 * took.Seconds(); took < 250*time.Millisecond || got < want-noise {
		t.Errorf("CPU %.1f, want at least %.1f", got, want-noise)
	}
}

func TestCoreOfABusyThread(t *testing.T) {
	w := startWorker(t, "burner")
	w.ask("burn 0")
	s := New(os.Getpid())
	s.Sample(second(0), []int{w.pid})
	w.ask("pinned 300")
	got := s.Sample(second(1), []int{w.pid})
	if want := firstAndLastCPU()[1]; got.Trees[w.pid].Core != want {
		t.Errorf("core %d, want %d", got.Trees[w.pid].Core, want)
	}
}

func TestWorkerThatIsKilled(t *testing.T) {
	gone, stays := startWorker(t, "burner"), startWorker(t, "burner")
	for _, w := range []*worker{gone, stays} {
		w.ask("burn 0") // it is up: what that took must not show
	}
	roots := []int{gone.pid, stays.pid}
	s := New(os.Getpid())
	s.Sample(second(0), roots)
	if got := s.Sample(second(1), roots); len(got.Trees) != 2 {
		t.Fatalf("%d trees, want 2", len(got.Trees))
	}
	if err := unix.Kill(gone.pid, unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var status unix.WaitStatus
	if _, err := unix.Wait4(gone.pid, &status, 0, nil); err != nil {
		t.Fatal(err)
	}
	took := stays.ask("burn 100")
	got := s.Sample(second(2), roots)
	if u, ok := got.Trees[gone.pid]; ok {
		t.Errorf("the killed worker is still there: %+v", u)
	}
	checkCPU(t, "the other", got.Trees[stays.pid].CPU, took)
}

func TestSelfAgreesWithTheKernel(t *testing.T) {
	s := New(os.Getpid())
	if got := s.Sample(second(0), nil).Self; got.CPU != Unknown || got.RSS <= 0 {
		t.Errorf("first sample: %+v", got)
	}
	before := accounted(unix.RUSAGE_SELF)
	burn(unix.RUSAGE_SELF, 200*time.Millisecond)
	took := accounted(unix.RUSAGE_SELF) - before
	checkCPU(t, "self", s.Sample(second(1), nil).Self.CPU, took)
}

// TestClockAgreesWithTicks compares the two accounts that the kernel keeps.
func TestClockAgreesWithTicks(t *testing.T) {
	w := startWorker(t, "burner")
	w.ask("burn 200")
	fs := &procfs{}
	st, ok := fs.read("/proc/" + strconv.Itoa(w.pid) + "/stat")
	if !ok {
		t.Fatal("cannot read the worker's stat")
	}
	clock, ok := cpuClock(w.pid)
	if !ok {
		t.Fatal("cannot read the worker's clock")
	}
	if diff := (clock - ticks(st.user+st.system)).Abs(); diff > ticks(3) {
		t.Errorf("clock %v, stat %v", clock, ticks(st.user+st.system))
	}
}

func TestProcfsListsThisProcess(t *testing.T) {
	fs := &procfs{}
	if pids := fs.pids(nil); !slices.Contains(pids, os.Getpid()) || !slices.Contains(pids, os.Getppid()) {
		t.Errorf("%d processes listed, but not this one and its parent", len(pids))
	}
	k, ok := fs.kin(os.Getpid())
	if !ok || k.parent != os.Getppid() || k.group != unix.Getpgrp() {
		t.Errorf("got %+v, %v", k, ok)
	}
	if _, ok := fs.process(1 << 29); ok {
		t.Error("there is a process that cannot be")
	}
}

// checkCPU compares a percentage over one second with CPU time.
func checkCPU(t *testing.T, what string, got float64, took time.Duration) {
	t.Helper()
	if want := 100 * took.Seconds(); math.Abs(got-want) > noise {
		t.Errorf("%s: CPU %.2f, want %.2f by the worker's own account", what, got, want)
	}
}
