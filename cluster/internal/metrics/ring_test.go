package metrics

import (
	"slices"
	"testing"
)

func TestRingKeepsTheNewestInOrder(t *testing.T) {
	var r Ring
	if got := r.Snapshot(); len(got) != 0 {
		t.Fatalf("an empty ring has %v", got)
	}
	for n := 1; n <= 5*HistoryLength; n++ {
		r.Push(float64(n))
		got := r.Snapshot()
		first := max(1, n-HistoryLength+1)
		if len(got) != n-first+1 || got[0] != float64(first) || got[len(got)-1] != float64(n) {
			t.Fatalf("after %d values: %d of them, %v to %v", n, len(got), got[0], got[len(got)-1])
		}
		if !slices.IsSorted(got) {
			t.Fatalf("after %d values: out of order: %v", n, got)
		}
	}
}

func TestRingSnapshotsNeverChange(t *testing.T) {
	var r Ring
	var taken, copies [][]float64
	for n := range 4 * HistoryLength {
		r.Push(float64(n))
		s := r.Snapshot()
		taken, copies = append(taken, s), append(copies, slices.Clone(s))
	}
	for i := range taken {
		if !slices.Equal(taken[i], copies[i]) {
			t.Fatalf("snapshot %d changed: %v, was %v", i, taken[i], copies[i])
		}
		// A reader that appends must not write into the ring's storage.
		_ = append(taken[i], -5)
	}
	if s := r.Snapshot(); slices.Contains(s, -5) {
		t.Fatalf("an append to a snapshot reached the ring: %v", s)
	}
}

func TestRingRarelyAllocates(t *testing.T) {
	var r Ring
	r.Push(0)
	perPush := testing.AllocsPerRun(10*HistoryLength, func() {
		r.Push(1)
		_ = r.Snapshot()
	})
	if perPush != 0 { // AllocsPerRun rounds down
		t.Errorf("%v allocations for each value", perPush)
	}
}
