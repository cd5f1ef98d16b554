package metrics

import (
	"os"
	"slices"
	"testing"
	"time"
)

func TestSampleOfThisMachine(t *testing.T) {
	s := New(os.Getpid())
	start := time.Now()
	first := s.Sample(start, nil)
	if first.CPU != Unknown || first.Self.CPU != Unknown {
		t.Errorf("the first sample knows CPU %v, own %v", first.CPU, first.Self.CPU)
	}
	if first.Self.RSS <= 0 {
		t.Errorf("own RSS %d", first.Self.RSS)
	}
	if first.MemTotal <= 0 || first.MemUsed <= 0 || first.MemUsed > first.MemTotal {
		t.Errorf("memory %d of %d", first.MemUsed, first.MemTotal)
	}
	if first.Quota < 0 || len(first.Trees) != 0 {
		t.Errorf("quota %v, trees %v", first.Quota, first.Trees)
	}
	next := s.Sample(start.Add(time.Second), []int{os.Getpid()})
	if next.Self.CPU < 0 || len(next.Trees) != 1 {
		t.Errorf("own CPU %v, trees %v", next.Self.CPU, next.Trees)
	}
	if !slices.IsSortedFunc(next.Cores, func(a, b Core) int { return a.ID - b.ID }) {
		t.Errorf("cores are not sorted: %v", next.Cores)
	}
	for _, c := range next.Cores {
		if c.CPU > 100 || c.CPU < 0 && c.CPU != Unknown {
			t.Errorf("core %d: %v %%", c.ID, c.CPU)
		}
	}
}

func TestSampleAgainTooSoon(t *testing.T) {
	s := New(os.Getpid())
	start := time.Now()
	roots := []int{os.Getpid()}
	s.Sample(start, roots)
	want := s.Sample(start.Add(time.Second), roots)
	for _, d := range []time.Duration{time.Second, time.Second + minWindow - 1, 0} {
		got := s.Sample(start.Add(d), roots)
		if got.Self != want.Self || len(got.Trees[roots[0]].CPUHistory) != 1 {
			t.Errorf("after %v: a new sample: %+v", d, got)
		}
	}
	if got := s.Sample(start.Add(time.Second+minWindow), roots); len(got.Trees[roots[0]].CPUHistory) != 2 {
		t.Errorf("after %v: no new sample: %+v", time.Second+minWindow, got)
	}
}

func TestSampleOfAMasterThatIsGone(t *testing.T) {
	s := New(1 << 29)
	if got := s.Sample(time.Now(), []int{1 << 29}); got.Self != (Self{Unknown, Unknown}) || len(got.Trees) != 0 {
		t.Errorf("got %+v, %v", got.Self, got.Trees)
	}
}
