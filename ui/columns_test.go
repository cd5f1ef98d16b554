package ui

import (
	"strings"
	"testing"
	"time"

	"gcl-tui/cluster"
)

// Figures of a long day on a large machine stand in their columns uncut.
func TestLargeFiguresAreNotCut(t *testing.T) {
	s := fixture()
	s.Generation, s.Target = 1000, 1000
	s.Traffic.Rate = 99_999.7
	s.Machine.Quota = 10.0 / 3
	for i := range s.Workers {
		s.Workers[i] = fixtureWorker(i + 1)
		s.Workers[i].Note = ""
		s.Workers[i].Generation = 1000
	}
	w := &s.Workers[0]
	w.PID = 4_194_304
	w.Usage.CPU, w.Usage.RSS = 1600.5, 20<<30
	w.Traffic.Rate, w.Traffic.Errors, w.Traffic.Conns = 99_999.7, 1_000_000, 65_535
	w.Traffic.Latency = cluster.Latency{Count: 9, P50: 9970 * time.Microsecond, P99: time.Hour - time.Second}
	w.Restarts = 12_345
	w.Started = clock.Add(-100*24*time.Hour + time.Minute)
	for _, size := range [][2]int{{120, 36}, {80, 24}} {
		md := testModel(newFakeMaster(s), Options{})
		md.resize(size[0], size[1])
		lines := strings.Split(stripped(screenText(md)), "\n")
		for _, line := range lines {
			if strings.Contains(line, "…") {
				t.Errorf("%v: %q is cut", size, line)
			}
		}
		if head := strings.Join(lines[:4], "\n"); !strings.Contains(head, "quota 3.33 ") {
			t.Errorf("%v: no quota of 3.33 in:\n%s", size, head)
		}
	}
}
