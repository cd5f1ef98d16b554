package proc

import (
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"
)

// reapOrphans makes this process the one that orphans of its workers come to
// (prctl(2), PR_SET_CHILD_SUBREAPER) and reaps them when they end. What the
// host program starts by itself is left alone, unless it starts it in a
// session of its own. The returned function ends it.
func (s *Spawner) reapOrphans() (stop func()) {
	_ = unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
	died := make(chan os.Signal, 1)
	signal.Notify(died, unix.SIGCHLD)
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		for {
			select {
			case <-died:
				s.reapOnce()
			case <-done:
				s.reapOnce()
				return
			}
		}
	})
	return func() {
		signal.Stop(died)
		close(done)
		ended.Wait()
	}
}

// reapOnce reaps the dead children that were not started here and live in
// another session.
func (s *Spawner) reapOnce() {
	session, err := unix.Getsid(0)
	if err != nil {
		return
	}
	self := os.Getpid()
	for _, p := range processes() {
		if p.state != 'Z' || p.parent != self || p.session == session {
			continue
		}
		s.mu.Lock()
		if !s.owns(p.pid) {
			_, _ = unix.Wait4(p.pid, nil, unix.WNOHANG, nil)
		}
		s.mu.Unlock()
	}
}

// owns says whether pid was started here and has someone who waits for it.
func (s *Spawner) owns(pid int) bool {
	_, ok := s.started[pid]
	return ok || s.keeper != nil && s.keeper.pid == pid
}
