package metrics

import "time"

const (
	// threadBudget is how many threads are read in one sample, taken over
	// time: each costs as much as a process. Trees take turns, and one that is
	// not reached keeps the core that it had.
	threadBudget = 16
	// maxThreads is how many a process may have to be looked into at all.
	maxThreads = 64
)

// busyCore remembers the threads of a tree's busiest process, to tell which of
// them works. The system gives a process's core as that of its first thread,
// which in a Go program may have been idle for hours.
type busyCore struct {
	core    int // Unknown until there is one
	pid     int // whose threads are in cpu
	threads map[int]time.Duration
}

// locate finds the core of every tree that does more than idle.
func (t *trees) locate(window time.Duration, roots []int) {
	// A process with more threads than the budget is paid for by later samples.
	t.budget = min(threadBudget, t.budget+threadBudget)
	first := t.turn
	for i := range roots {
		n := (first + i) % len(roots)
		tree := t.trees[roots[n]]
		if tree == nil {
			continue
		}
		b, core := tree.busiest, &tree.core
		switch {
		case b.process.threads <= 1 || b.process.threads > maxThreads:
			core.core = b.process.core
		case core.core >= 0 && percent(b.used, window) < 1:
			// Thread times have ticks of 10 ms: nothing to tell them apart by.
		case t.budget > 0:
			t.budget -= b.process.threads
			t.turn = n + 1
			t.threads = t.sys.threads(t.threads[:0], b.pid)
			core.update(b.pid, b.process.core, t.threads)
		case core.core < 0:
			core.core = b.process.core
		}
	}
}

// update takes in a reading of the threads of process pid and settles on the
// core of the one that used the most since the last reading. first is the core
// of the process's first thread, used where there are no threads to look at.
func (c *busyCore) update(pid, first int, threads []thread) {
	before := c.threads
	if c.pid != pid {
		before = nil
	}
	c.core, c.pid, c.threads = first, pid, make(map[int]time.Duration, len(threads))
	most := time.Duration(-1)
	for _, th := range threads {
		c.threads[th.id] = th.cpu
		if used := th.cpu - before[th.id]; used > most {
			most, c.core = used, th.core
		}
	}
}
