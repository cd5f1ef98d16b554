package ui

import (
	"fmt"
	"time"

	"gcl-tui/cluster"
)

// roll follows the replacement of all workers: one started since it began is a
// new one.
type roll struct {
	since time.Time // zero if its beginning was not seen
}

// rolling is how far a replacement of all workers has come.
type rolling struct {
	on bool
	// from is the generation that is being replaced by to, 0 if the workers are
	// replaced by others of the same one.
	from, to int
	done, of int // of is 0 if it is not known
}

func (r *roll) observe(e cluster.Event) {
	if _, ok := e.Data.(cluster.ReloadStarted); ok {
		r.since = e.Time
	}
}

// progress returns how many of how many workers are new and ready. Those of
// another generation are known as such, others by when they were started.
func (r *roll) progress(s *cluster.Snapshot) rolling {
	if !s.Reloading {
		return rolling{}
	}
	out := rolling{on: true, from: former(s), to: s.Target}
	if out.from == 0 && r.since.IsZero() {
		return out
	}
	for _, w := range s.Workers {
		isNew := w.Generation == s.Target && (out.from != 0 || !w.Started.Before(r.since))
		if isNew && w.State == cluster.StateReady {
			out.done++
		}
	}
	out.done, out.of = min(out.done, s.Want), s.Want
	return out
}

// former returns the generation that is being replaced by another, or 0.
func former(s *cluster.Snapshot) int {
	if !s.Reloading {
		return 0
	}
	if s.Generation != s.Target {
		return s.Generation
	}
	for _, w := range s.Workers { // all requests go to the new one already
		if w.Generation != s.Target && w.PID != 0 {
			return w.Generation
		}
	}
	return 0
}

// title names what goes on.
func (r rolling) title(arrow string) string {
	if r.from == 0 {
		return "rolling"
	}
	return fmt.Sprintf("gen %d %s %d", r.from, arrow, r.to)
}
