package ui

import (
	"time"

	"gcl-tui/cluster"
)

// hotTime is how long a counter of errors stays in a warning colour after it
// rose. Counters never fall, so without it an old error would warn for ever.
const hotTime = 10 * time.Second

// totalSlot stands for all workers in rising.
const totalSlot = -1

// rising notices which counters of errors have risen lately, by slot.
type rising struct {
	seen map[int]uint64
	at   map[int]time.Time
}

// observe compares a snapshot with the one before.
func (r *rising) observe(s *cluster.Snapshot, now time.Time) {
	first := r.seen == nil
	if first {
		r.seen, r.at = map[int]uint64{}, map[int]time.Time{}
	}
	sums := map[int]uint64{totalSlot: s.Traffic.Failed}
	for _, w := range s.Workers {
		sums[w.Slot] += w.Traffic.Errors
	}
	for slot, n := range sums {
		if n > r.seen[slot] && !first {
			r.at[slot] = now
		}
	}
	r.seen = sums
}

// hot returns the slots whose counter has risen lately.
func (r *rising) hot(now time.Time) map[int]bool {
	out := map[int]bool{}
	for slot, at := range r.at {
		if now.Sub(at) < hotTime {
			out[slot] = true
		} else {
			delete(r.at, slot)
		}
	}
	return out
}
