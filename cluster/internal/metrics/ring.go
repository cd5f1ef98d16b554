package metrics

// HistoryLength is how many values a [Ring] keeps: two minutes at one a second.
const HistoryLength = 120

// Ring is a bounded history of figures. The zero value is empty and ready. It
// is for one goroutine; the slices it hands out may be read by any.
type Ring struct {
	// values only ever grows within its capacity; when that is used up, the
	// newest values move to a new array. A slice handed out covers a part
	// that is never written again, so snapshots need no copy.
	values []float64
}

// Push adds a value and lets go of the oldest one if there are HistoryLength.
func (r *Ring) Push(v float64) {
	if len(r.values) == cap(r.values) {
		grown := make([]float64, 0, 2*HistoryLength)
		r.values = append(grown, r.Snapshot()...)
	}
	r.values = append(r.values, v)
}

// Snapshot returns up to HistoryLength values, oldest first. The slice never
// changes; the caller must not write to it.
func (r *Ring) Snapshot() []float64 {
	n := len(r.values)
	return r.values[max(0, n-HistoryLength):n:n]
}
