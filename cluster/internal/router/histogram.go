package router

import (
	"math/bits"
	"sync/atomic"
	"time"
)

// A histogram counts durations in buckets that grow with them: 32 for each
// doubling, so a bucket's middle is within 1.6 % of what is in it. It only ever
// counts up; a window is the difference between two readings, so recording is
// one addition.
type histogram struct {
	buckets [bucketCount]atomic.Uint64
}

// tally is a reading of a histogram.
type tally [bucketCount]uint64

const (
	subBits     = 5
	subBuckets  = 1 << subBits
	lowestBits  = 10 // below 1.024 µs all is one
	highestBits = 37 // above 137 s all is one
	bucketCount = (highestBits-lowestBits)*subBuckets + 1
)

// record counts a duration of some nanoseconds. It is safe from any goroutine.
func (h *histogram) record(ns int64) { h.buckets[bucketOf(ns)].Add(1) }

func bucketOf(ns int64) int {
	if ns < 1<<lowestBits {
		return 0
	}
	top := bits.Len64(uint64(ns)) - 1
	if top >= highestBits {
		return bucketCount - 1
	}
	sub := int(ns>>(top-subBits)) & (subBuckets - 1)
	return (top-lowestBits)*subBuckets + sub
}

// middle returns the duration that stands for a bucket.
func middle(bucket int) time.Duration {
	top := bucket/subBuckets + lowestBits
	width := int64(1) << (top - subBits)
	low := int64(1)<<top + int64(bucket%subBuckets)*width
	return time.Duration(low + width/2)
}

// addTo adds a reading of h to t.
func (h *histogram) addTo(t *tally) {
	for i := range h.buckets {
		t[i] += h.buckets[i].Load()
	}
}

// since returns what t has more than an earlier reading.
func (t *tally) since(earlier *tally) *tally {
	var d tally
	for i := range t {
		d[i] = t[i] - earlier[i]
	}
	return &d
}

// summary returns the quantiles of t.
func (t *tally) summary() Latency {
	var l Latency
	for _, n := range t {
		l.Count += n
	}
	if l.Count == 0 {
		return l
	}
	l.P50, l.P90 = t.quantile(l.Count, 500), t.quantile(l.Count, 900)
	l.P99, l.P999 = t.quantile(l.Count, 990), t.quantile(l.Count, 999)
	l.Max = t.quantile(l.Count, 1000)
	return l
}

// quantile returns the duration that so many thousandths of count values do
// not exceed (nearest rank).
func (t *tally) quantile(count, thousandths uint64) time.Duration {
	rank := (count*thousandths + 999) / 1000
	for i, n := range t {
		if n >= rank {
			return middle(i)
		}
		rank -= n
	}
	return 0
}
