package files

import (
	"testing"
	"time"
)

func TestLoops(t *testing.T) {
	at := func(seconds float64) time.Time { return time.Unix(0, int64(seconds*1e9)) }
	type step struct {
		at     float64
		reload bool
		paths  []string
	}
	log, other := []string{"a.go", "log.txt"}, []string{"b.go"}
	for name, c := range map[string]struct {
		steps []step
		file  string // in a loop at the last step
	}{
		"after each reload":     {[]step{{0, true, log}, {2, true, log}, {4, true, log}, {6, true, log}, {8, true, log[1:]}}, "log.txt"},
		"too slow":              {[]step{{0, true, log}, {3, true, log}, {6, true, log}, {9, true, log}, {12, true, log}}, ""},
		"four are none":         {[]step{{0, true, log}, {1, true, log}, {2, true, log}, {3, true, log}}, ""},
		"without reloads":       {[]step{{0, true, log}, {1, true, log}, {2, true, log}, {3, true, log}, {4, false, log}, {5, false, log}}, ""},
		"another file at times": {[]step{{0, true, log}, {1, true, log}, {2, true, other}, {3, true, log}, {4, true, other}, {5, true, log}}, ""},
		"the old are forgotten": {[]step{{0, true, log}, {1, true, log}, {2, true, log}, {3, true, log}, {12.5, true, log}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var l Loops
			for i, s := range c.steps {
				if s.reload {
					l.Reloaded()
				}
				file, loop := l.Seen(s.paths, at(s.at))
				want := ""
				if i == len(c.steps)-1 {
					want = c.file
				}
				if file != want || loop != (want != "") {
					t.Errorf("step %d: %q, %v, want %q", i, file, loop, want)
				}
			}
		})
	}
}

func TestLoopsBeginAfresh(t *testing.T) {
	var l Loops
	for i := range 10 {
		l.Reloaded()
		if _, loop := l.Seen([]string{"f"}, time.Unix(int64(i), 0)); loop != (i == 4 || i == 9) {
			t.Errorf("change %d: loop %v", i, loop)
		}
	}
}
