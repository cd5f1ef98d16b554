package metrics

import "time"

// trees measures the process trees of the workers. It is for one goroutine.
type trees struct {
	sys     system
	kinship *kinship
	members map[int]*member
	trees   map[int]*tree
	turn    int      // index of the root whose threads are looked into next
	budget  int      // threads that may be read now
	threads []thread // scratch space
}

// member is a process in a tree, as it was at the last sample.
type member struct {
	started     uint64
	cpu, reaped time.Duration
	// measured is false until there is a reading to compare the next one with.
	measured bool
	// fromStart is true if the process began after the last sample: then the
	// reading before its first one is zero.
	fromStart bool
}

// tree is one root's state across samples.
type tree struct {
	history Ring
	known   bool // there is a sample to compare with
	core    busyCore
	sums
}

// sums gathers one sample of one tree.
type sums struct {
	alive   bool // the root exists
	used    time.Duration
	reaped  time.Duration // added to the accounts of children waited for
	gone    time.Duration // what the processes that ended had been counted with
	rss     int64
	threads int
	pids    []int
	busiest busiest
}

// busiest is the process of a tree that used the most CPU in a sample.
type busiest struct {
	pid     int
	used    time.Duration
	process process
}

func newTrees(sys system) *trees {
	return &trees{
		sys:     sys,
		kinship: newKinship(sys),
		members: map[int]*member{},
		trees:   map[int]*tree{},
	}
}

// sample reads all processes of all trees. window is the time since the last
// call, 0 at the first one.
func (t *trees) sample(window time.Duration, roots []int) map[int]Usage {
	t.kinship.update(roots, t.enrol)
	for _, tree := range t.trees {
		tree.sums = sums{rss: Unknown, threads: Unknown}
	}
	for pid, m := range t.members {
		t.measure(pid, m)
	}
	t.bury()
	t.locate(window, roots)
	out := make(map[int]Usage, len(t.trees))
	for root, tree := range t.trees {
		out[root] = tree.usage(window)
	}
	return out
}

// enrol takes in a process that kinship has found.
func (t *trees) enrol(pid, root int, born bool) {
	if pid == root {
		t.trees[root] = &tree{core: busyCore{core: Unknown}}
	}
	t.members[pid] = &member{fromStart: born}
}

// measure reads one process and adds it to its tree. A process that is gone, or
// whose ID is another's now, is forgotten.
func (t *trees) measure(pid int, m *member) {
	root, wanted := t.kinship.root[pid]
	tree := t.trees[root]
	if !wanted || tree == nil {
		delete(t.members, pid)
		return
	}
	p, ok := t.sys.process(pid)
	if !ok || m.measured && p.started != m.started {
		tree.gone += m.cpu + m.reaped
		delete(t.members, pid)
		t.kinship.drop(pid)
		return
	}
	tree.alive = tree.alive || pid == root
	tree.add(pid, p, m.advance(p))
}

// advance takes over a new reading and returns what was used since the last.
func (m *member) advance(p process) (since delta) {
	if m.measured || m.fromStart {
		since = delta{max(0, p.cpu-m.cpu), max(0, p.reaped-m.reaped)}
	}
	m.started, m.cpu, m.reaped, m.measured = p.started, p.cpu, p.reaped, true
	return since
}

// delta is what a process's two counters grew by.
type delta struct{ cpu, reaped time.Duration }

func (s *sums) add(pid int, p process, since delta) {
	s.pids = append(s.pids, pid)
	s.used += since.cpu
	s.reaped += since.reaped
	if p.rss >= 0 {
		s.rss = max(0, s.rss) + p.rss
	}
	if p.threads >= 0 {
		s.threads = max(0, s.threads) + p.threads
	}
	// The lower ID wins a tie, so that the choice does not depend on the
	// order of the map.
	if b := &s.busiest; b.pid == 0 || since.cpu > b.used || since.cpu == b.used && pid < b.pid {
		*b = busiest{pid, since.cpu, p}
	}
}

// bury forgets the trees whose root has ended or is no longer asked for.
func (t *trees) bury() {
	for root, tree := range t.trees {
		if !tree.alive {
			t.kinship.dropTree(root)
			delete(t.trees, root)
		}
	}
}

// usage sums up a tree and adds to its history. What was waited for since the
// last sample had been counted before as far as it was then seen running.
func (t *tree) usage(window time.Duration) Usage {
	cpu := float64(Unknown)
	if t.known {
		cpu = percent(t.used+max(0, t.reaped-t.gone), window)
		t.history.Push(cpu)
	}
	t.known = true
	return Usage{
		CPU:        cpu,
		CPUHistory: t.history.Snapshot(),
		RSS:        t.rss,
		Threads:    t.threads,
		Core:       t.core.core,
		Processes:  t.pids,
	}
}
