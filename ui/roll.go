package ui

import (
	"time"

	"gcl-tui/cluster"
)

// roll follows a rolling restart: a worker started since it began is a new one.
type roll struct {
	since time.Time // zero if its beginning was not seen
}

func (r *roll) observe(e cluster.Event) {
	if _, ok := e.Data.(cluster.ReloadStarted); ok {
		r.since = e.Time
	}
}

// progress returns how many of how many workers are new and ready. ok is false
// if no rolling restart goes on, or its beginning was not seen.
func (r *roll) progress(s *cluster.Snapshot) (done, of int, ok bool) {
	if !s.Reloading || r.since.IsZero() {
		return 0, 0, false
	}
	for _, w := range s.Workers {
		if w.State == cluster.StateReady && !w.Started.Before(r.since) {
			done++
		}
	}
	return min(done, s.Want), s.Want, true
}
