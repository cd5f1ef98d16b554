package router

import "time"

const (
	// windowSpan is how far back latencies are summarised.
	windowSpan = 10 * time.Second
	// windowStep is how far apart the readings are that it slides over.
	windowStep = 2 * time.Second
)

// window slides over a histogram that only counts up. It belongs to a lock of
// its owner.
type window struct {
	readings []reading // the oldest first
}

type reading struct {
	at int64
	t  *tally
}

// slide takes a reading at a clock time and returns the summary of what came
// since the latest reading that is at least windowSpan old, or since the
// first.
func (w *window) slide(now int64, t *tally) Latency {
	for len(w.readings) > 1 && now-w.readings[1].at >= int64(windowSpan) {
		w.readings = w.readings[1:]
	}
	recent := t
	if len(w.readings) > 0 && now-w.readings[0].at >= int64(windowSpan) {
		recent = t.since(w.readings[0].t)
	}
	if n := len(w.readings); n == 0 || now-w.readings[n-1].at >= int64(windowStep) {
		w.readings = append(w.readings, reading{now, t})
	}
	return recent.summary()
}
