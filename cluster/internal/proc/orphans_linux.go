package proc

import (
	"os"
	"os/signal"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// reapOrphans makes this process the one that orphans of its workers come to
// (prctl(2), PR_SET_CHILD_SUBREAPER) and reaps them when they end. What the
// host program starts by itself is left alone, unless it starts it in a
// session of its own. The returned function ends it.
func reapOrphans() (stop func()) {
	foster.take()
	died := make(chan os.Signal, 1)
	signal.Notify(died, unix.SIGCHLD)
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			select {
			case <-died:
				reapOnce()
			case <-done:
				reapOnce()
				return
			}
		}
	})
	return func() {
		signal.Stop(died)
		close(done)
		ended.Wait()
		foster.release()
	}
}

// foster counts the Spawners that want the orphans: once nobody reaps them,
// they must not come here any more.
var foster subreaper

type subreaper struct {
	mu     sync.Mutex
	users  int
	before int32 // whether this process was a sub-reaper without us
}

func (r *subreaper) take() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.users++; r.users == 1 {
		_ = unix.Prctl(unix.PR_GET_CHILD_SUBREAPER, uintptr(unsafe.Pointer(&r.before)), 0, 0, 0)
		_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	}
}

func (r *subreaper) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.users--; r.users == 0 {
		killStrays()
		_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, uintptr(r.before), 0, 0, 0)
	}
}

// reapOnce reaps the dead children that no Spawner waits for and that lived in
// another session.
func reapOnce() {
	session, err := unix.Getsid(0)
	if err != nil {
		return
	}
	self := os.Getpid()
	for _, p := range processes() {
		if p.dead() && p.parent == self && p.session != session {
			waited.reapOrphan(p.pid)
		}
	}
}

// reapOrphan reaps a dead child, unless a Spawner waits for it.
func (w *waitedSet) reapOrphan(pid int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.pids[pid] {
		_, _ = unix.Wait4(pid, nil, unix.WNOHANG, nil)
	}
}
