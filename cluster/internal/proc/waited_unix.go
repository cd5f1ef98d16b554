//go:build unix

package proc

import "sync"

// waited are the children that the Spawners of this process wait for. The set
// is shared by all of them, so that none takes another's child for an orphan.
// Who forks or reaps holds the lock: no pid is given anew while it is looked at.
var waited = waitedSet{pids: map[int]bool{}}

type waitedSet struct {
	mu   sync.Mutex
	pids map[int]bool
}

// fork adds the child that f forks.
func (w *waitedSet) fork(f func() (int, error)) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	pid, err := f()
	if err == nil {
		w.pids[pid] = true
	}
	return pid, err
}

// reap reaps a child that has ended.
func (w *waitedSet) reap(pid int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	reap(pid)
	delete(w.pids, pid)
}
