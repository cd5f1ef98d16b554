//go:build unix

package proc

import (
	"maps"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// strayEvery is how often the keeper is told of what has left its session.
const strayEvery = time.Second

// Follow takes in which processes there are in the trees of those that were
// started here, by the pid of the one that was: what has left its session, and has
// no mark either, is known by its parents alone, and by nothing any more when
// these have ended. It is killed with the rest of its tree, or by the keeper.
func (s *Spawner) Follow(trees map[int][]int) {
	self, err := unix.Getsid(0)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for root, pids := range trees {
		if s.started[root] == nil {
			continue
		}
		left := map[int]bool{}
		for _, pid := range pids {
			if session, err := unix.Getsid(pid); err == nil && session != root && session != self {
				left[session] = true
			}
		}
		s.left[root] = left
	}
}

// trees returns all that is known of what p has started.
func (s *Spawner) trees(p *Process) []tree {
	s.mu.Lock()
	defer s.mu.Unlock()
	trees := []tree{{pid: p.PID, mark: p.sys.mark}}
	for session := range s.left[p.PID] {
		trees = append(trees, tree{pid: session, mark: p.sys.mark})
	}
	return trees
}

// followStrays tells the keeper of strays until the returned function is called:
// when the master is dead, nothing says any more whose they were.
func (s *Spawner) followStrays() (stop func()) {
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		tick := time.NewTicker(strayEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				s.tellStrays(straySessions())
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		ended.Wait()
	}
}

// tellStrays tells the keeper what has changed since it was last told. Process
// IDs are handed out in a cycle of at least 32,768 (proc_sys_kernel(5), pid_max),
// so a session that has ended in between has not become a stranger's yet.
func (s *Spawner) tellStrays(now map[int]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, left := range s.left {
		maps.Copy(now, left)
	}
	for session := range now {
		if !s.strays[session] {
			s.keeper.add(session)
		}
	}
	for session := range s.strays {
		if !now[session] && s.started[session] == nil { // it may have become a worker's
			s.keeper.remove(session)
		}
	}
	s.strays = now
}
