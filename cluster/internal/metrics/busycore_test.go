package metrics

import (
	"testing"
	"time"
)

func TestCoreIsThatOfTheBusiestThread(t *testing.T) {
	sys := newFakeSystem()
	p := sys.startRoot(100)
	p.threads, p.core = 3, 0
	p.list = []thread{{100, time.Hour, 0}, {101, time.Minute, 1}, {102, 0, 2}}
	trees := newTrees(sys)
	trees.sample(0, []int{100})
	for _, tc := range []struct {
		thread int
		used   time.Duration
		want   int
	}{
		{1, 100 * time.Millisecond, 1},
		{2, 500 * time.Millisecond, 2},
		{0, 5 * time.Millisecond, 2}, // too little to tell
		{0, 900 * time.Millisecond, 0},
	} {
		p.cpu += tc.used
		p.list[tc.thread].cpu += tc.used
		if got := trees.sample(time.Second, []int{100})[100].Core; got != tc.want {
			t.Errorf("thread %d used %v: core %d, want %d", tc.thread, tc.used, got, tc.want)
		}
	}
}

// TestTreesTakeTurns gives eight trees more threads than one sample may read.
func TestTreesTakeTurns(t *testing.T) {
	sys := newFakeSystem()
	var roots []int
	for root := 100; root < 900; root += 100 {
		p := sys.startRoot(root)
		p.threads, p.core = root/15, 0
		p.list = []thread{{root, 0, 0}, {root + 1, 0, 7}}
		roots = append(roots, root)
	}
	trees := newTrees(sys)
	trees.sample(0, roots)
	var got map[int]Usage
	for range 4 * len(roots) {
		for _, p := range sys.procs {
			p.cpu += 500 * time.Millisecond
			p.list[1].cpu += 500 * time.Millisecond
		}
		got = trees.sample(time.Second, roots)
	}
	for root, u := range got {
		if u.Core != 7 {
			t.Errorf("root %d: core %d, want 7", root, u.Core)
		}
	}
}

func TestManyThreadsAreNotRead(t *testing.T) {
	sys := newFakeSystem()
	p := sys.startRoot(100)
	p.threads, p.core = maxThreads+1, 4
	p.list = []thread{{100, time.Hour, 5}}
	trees := newTrees(sys)
	p.cpu += time.Second
	if got := trees.sample(time.Second, []int{100})[100].Core; got != 4 {
		t.Errorf("core %d, want the first thread's", got)
	}
}
