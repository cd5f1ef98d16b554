package metrics

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// fakeSystem is a machine whose processes a test writes down.
type fakeSystem struct {
	procs map[int]*fakeProcess
	asked map[int]int // how often kin was asked of each process
}

type fakeProcess struct {
	kin
	process
	list []thread
}

func newFakeSystem() *fakeSystem {
	return &fakeSystem{procs: map[int]*fakeProcess{}, asked: map[int]int{}}
}

// start adds a process with 10 MB and one thread, in its parent's group.
func (f *fakeSystem) start(pid, parent int) *fakeProcess {
	p := &fakeProcess{
		kin:     kin{parent: parent},
		process: process{started: uint64(pid), rss: 10 << 20, threads: 1, core: 0},
	}
	if up := f.procs[parent]; up != nil {
		p.group = up.group
	}
	f.procs[pid] = p
	return p
}

// startRoot adds a process with a group of its own.
func (f *fakeSystem) startRoot(pid int) *fakeProcess {
	p := f.start(pid, 1)
	p.group = pid
	return p
}

// reap ends a process and adds what it used to its parent's account.
func (f *fakeSystem) reap(pid int) {
	p := f.procs[pid]
	delete(f.procs, pid)
	if parent := f.procs[p.parent]; parent != nil {
		parent.reaped += p.cpu + p.reaped
	}
}

func (f *fakeSystem) pids(dst []int) []int {
	return append(dst, slices.Sorted(maps.Keys(f.procs))...)
}

func (f *fakeSystem) kin(pid int) (kin, bool) {
	f.asked[pid]++
	p, ok := f.procs[pid]
	if !ok {
		return kin{}, false
	}
	return p.kin, true
}

func (f *fakeSystem) process(pid int) (process, bool) {
	p, ok := f.procs[pid]
	if !ok {
		return process{}, false
	}
	return p.process, true
}

func (f *fakeSystem) threads(dst []thread, pid int) []thread {
	return append(dst, f.procs[pid].list...)
}

// cpuOf samples with a window of one second and returns the CPU of one root.
func cpuOf(t *testing.T, trees *trees, root int) float64 {
	t.Helper()
	u, ok := trees.sample(time.Second, []int{root})[root]
	if !ok {
		t.Fatalf("root %d is missing", root)
	}
	return u.CPU
}

func TestTreeSumsOverAllDescendants(t *testing.T) {
	sys := newFakeSystem()
	sys.start(1, 0)
	root := sys.startRoot(100)
	root.cpu = time.Hour // from before: must not show
	child := sys.start(101, 100)
	escaped := sys.start(102, 101)
	escaped.group = 102
	sys.start(50, 1).cpu = time.Hour // a stranger

	trees := newTrees(sys)
	got := trees.sample(0, []int{100})[100]
	if got.CPU != Unknown || len(got.CPUHistory) != 0 {
		t.Errorf("the first sample has CPU %v, history %v", got.CPU, got.CPUHistory)
	}
	root.cpu += 100 * time.Millisecond
	child.cpu += 200 * time.Millisecond
	escaped.cpu += 400 * time.Millisecond
	escaped.core = 3
	got = trees.sample(time.Second, []int{100})[100]
	slices.Sort(got.Processes)
	want := Usage{CPU: 70, CPUHistory: []float64{70}, RSS: 30 << 20, Threads: 3, Core: 3, Processes: []int{100, 101, 102}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTreesAreKeptApart(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	sys.startRoot(200)
	a, b := sys.start(101, 100), sys.start(201, 200)
	trees := newTrees(sys)
	trees.sample(0, []int{100, 200})
	a.cpu, b.cpu = 100*time.Millisecond, 300*time.Millisecond
	got := trees.sample(time.Second, []int{100, 200})
	if got[100].CPU != 10 || got[200].CPU != 30 {
		t.Errorf("CPU %v and %v, want 10 and 30", got[100].CPU, got[200].CPU)
	}
}

func TestNewChildCountsFromItsStart(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	trees := newTrees(sys)
	trees.sample(0, []int{100})
	sys.start(101, 100).cpu = 250 * time.Millisecond
	if got := cpuOf(t, trees, 100); got != 25 {
		t.Errorf("CPU %v, want 25", got)
	}
}

func TestChildThatEndedCountsThroughItsParent(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	seen := sys.start(101, 100)
	trees := newTrees(sys)
	seen.cpu = 5 * time.Second
	trees.sample(0, []int{100})

	seen.cpu += 300 * time.Millisecond
	sys.reap(101)
	sys.start(102, 100).cpu = 200 * time.Millisecond
	sys.reap(102) // came and went between two samples
	if got := cpuOf(t, trees, 100); got != 50 {
		t.Errorf("CPU %v, want 50: 30 of the first child's last run, 20 of the second", got)
	}
	if got := cpuOf(t, trees, 100); got != 0 {
		t.Errorf("CPU %v at the next sample, want 0", got)
	}
}

func TestChildThatNobodyWaitedForIsNoNegative(t *testing.T) {
	sys := newFakeSystem()
	root := sys.startRoot(100)
	sys.start(101, 100).cpu = time.Minute
	trees := newTrees(sys)
	trees.sample(0, []int{100})
	delete(sys.procs, 101)
	root.cpu += 100 * time.Millisecond
	if got := cpuOf(t, trees, 100); got != 10 {
		t.Errorf("CPU %v, want 10", got)
	}
}

func TestOrphanStaysInItsTree(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	sys.start(101, 100)
	orphan := sys.start(102, 101)
	orphan.group = 102
	trees := newTrees(sys)
	trees.sample(0, []int{100})

	sys.reap(101)
	orphan.parent = 1
	orphan.cpu += 400 * time.Millisecond
	if got := cpuOf(t, trees, 100); got != 40 {
		t.Errorf("CPU %v, want 40", got)
	}
}

func TestOrphanNeverSeenBeforeIsFoundByItsGroup(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	trees := newTrees(sys)
	trees.sample(0, []int{100})

	orphan := sys.start(102, 1)
	orphan.group = 100
	orphan.cpu = 100 * time.Millisecond
	if got := cpuOf(t, trees, 100); got != 10 {
		t.Errorf("CPU %v, want 10", got)
	}
}

func TestRootThatEndsIsAbsent(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	left := sys.start(101, 100)
	trees := newTrees(sys)
	trees.sample(0, []int{100})
	trees.sample(time.Second, []int{100})
	sys.reap(100)
	left.parent = 1
	for range 3 {
		if got := trees.sample(time.Second, []int{100}); len(got) != 0 {
			t.Fatalf("got %v of a root that has ended", got)
		}
	}
	if n := len(trees.members) + len(trees.trees) + len(trees.kinship.root); n != 0 {
		t.Errorf("%d things are remembered of a tree that has ended", n)
	}
}

func TestRootNotAskedForIsForgotten(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	sys.start(101, 100)
	trees := newTrees(sys)
	trees.sample(0, []int{100})
	if got := trees.sample(time.Second, nil); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
	if got := trees.sample(time.Second, []int{100})[100]; got.CPU != Unknown || got.RSS != 20<<20 {
		t.Errorf("asked for again: CPU %v, RSS %d, want unknown and all of the tree", got.CPU, got.RSS)
	}
}

// TestRootSeenAsStrangerFirst has a worker and its child listed before the
// worker is named as a root.
func TestRootSeenAsStrangerFirst(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	sys.start(101, 100)
	trees := newTrees(sys)
	trees.sample(0, nil)
	got := trees.sample(time.Second, []int{100})[100]
	if got.CPU != Unknown || got.Threads != 2 {
		t.Errorf("CPU %v, %d threads, want unknown and 2", got.CPU, got.Threads)
	}
}

func TestProcessIDUsedAgain(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	sys.start(101, 100).cpu = time.Second
	trees := newTrees(sys)
	trees.sample(0, []int{100})
	delete(sys.procs, 101)
	stranger := sys.start(101, 1)
	stranger.started, stranger.group, stranger.cpu = 999, 1, time.Minute
	for range 2 {
		if got := cpuOf(t, trees, 100); got != 0 {
			t.Errorf("CPU %v, want 0: process 101 is another one now", got)
		}
	}
}

func TestStrangersAreLookedAtOnce(t *testing.T) {
	sys := newFakeSystem()
	for pid := 1; pid < 90; pid++ {
		sys.start(pid, 0)
	}
	sys.startRoot(100)
	trees := newTrees(sys)
	for range 5 {
		trees.sample(time.Second, []int{100})
	}
	for pid, n := range sys.asked {
		if n != 1 {
			t.Errorf("process %d was looked at %d times", pid, n)
		}
	}
}

// TestParentsInACircle cannot happen at one instant, but the table of
// processes is not read at one instant.
func TestParentsInACircle(t *testing.T) {
	sys := newFakeSystem()
	sys.startRoot(100)
	sys.start(200, 201)
	sys.start(201, 200)
	trees := newTrees(sys)
	if got := trees.sample(0, []int{100})[100]; got.Threads != 1 {
		t.Errorf("%d threads, want the root's only", got.Threads)
	}
}
