package metrics

import "testing"

// fakeGroup is a control group that a test writes down.
type fakeGroup struct {
	quota       float64
	limit, used int64
}

func (g *fakeGroup) cpuQuota() float64         { return g.quota }
func (g *fakeGroup) memoryLimit() int64        { return g.limit }
func (g *fakeGroup) memoryUsed() (int64, bool) { return g.used, g.used >= 0 }

func TestLimitsTakeTheTightest(t *testing.T) {
	inner, outer, top := &fakeGroup{quota: 2, limit: 900, used: 100}, &fakeGroup{quota: 0.5, limit: 400, used: 300}, &fakeGroup{}
	l := limits{groups: []group{inner, outer, top}, age: refreshEvery}
	l.refresh()
	if l.quota != 0.5 {
		t.Errorf("quota %v, want 0.5", l.quota)
	}
	for _, tc := range []struct {
		name                string
		used, total         int64
		wantUsed, wantTotal int64
	}{
		{name: "group is lower", used: 5000, total: 8000, wantUsed: 300, wantTotal: 400},
		{name: "machine is lower", used: 50, total: 350, wantUsed: 50, wantTotal: 350},
		{name: "machine is unknown", used: Unknown, total: Unknown, wantUsed: 300, wantTotal: 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			used, total := l.applyMemory(tc.used, tc.total)
			if used != tc.wantUsed || total != tc.wantTotal {
				t.Errorf("got %d of %d, want %d of %d", used, total, tc.wantUsed, tc.wantTotal)
			}
		})
	}
	outer.used = -1
	if used, total := l.applyMemory(5000, 8000); used != Unknown || total != 400 {
		t.Errorf("use unreadable: got %d of %d, want unknown of 400", used, total)
	}
}

func TestLimitsAreReadAgain(t *testing.T) {
	g := &fakeGroup{quota: 1}
	l := limits{groups: []group{g}, age: refreshEvery}
	l.refresh()
	g.quota = 0 // the limit was lifted
	for range refreshEvery {
		l.refresh()
	}
	if l.quota != 0 {
		t.Errorf("quota %v after %d samples, want the new one", l.quota, refreshEvery)
	}
}
