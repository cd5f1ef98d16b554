package cli

import (
	"sync"
	"sync/atomic"

	"gcl-tui/cluster"
)

// stopper is a cluster that several may want to stop: the screen, a signal, and
// whoever started it. To the cluster a second stop means to kill; here only
// those who mean it can say it.
type stopper struct {
	*cluster.Cluster
	forced chan struct{}          // closed by Force
	onStop func()                 // called once, before the cluster is asked to stop
	source atomic.Pointer[source] // nil while nothing is watched or built

	mu    sync.Mutex
	asked bool
	force sync.Once
}

func newStopper(c *cluster.Cluster, onStop func()) *stopper {
	return &stopper{Cluster: c, forced: make(chan struct{}), onStop: onStop}
}

// Stop asks for an orderly end. It returns whether it was the first to ask.
func (s *stopper) Stop() (first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked {
		return false
	}
	s.asked = true
	s.onStop()
	s.Cluster.Stop()
	return true
}

// Force kills what is left.
func (s *stopper) Force() {
	s.Stop()
	s.force.Do(func() {
		close(s.forced)
		s.Cluster.Stop()
	})
}

// Watch has changes acted on, or only collected.
func (s *stopper) Watch(on bool) error {
	src := s.source.Load()
	switch {
	case src == nil:
		return errUnwatched
	case on:
		src.watcher.Resume()
	default:
		src.watcher.Pause()
	}
	return nil
}

// Build builds now, although nothing may have changed.
func (s *stopper) Build() error {
	src := s.source.Load()
	if src == nil {
		return errUnwatched
	}
	src.watcher.Build()
	return nil
}

// screenMaster is a stopper as the screen wants it: the second stop kills.
type screenMaster struct{ *stopper }

// Stop asks for an orderly end, and the second time for a quick one.
func (m screenMaster) Stop() {
	if first := m.stopper.Stop(); !first {
		m.Force()
	}
}
