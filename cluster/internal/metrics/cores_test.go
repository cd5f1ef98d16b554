package metrics

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBusyPercent(t *testing.T) {
	for _, tc := range []struct {
		name        string
		before, now coreTime
		want        float64
	}{
		{"idle", coreTime{0, 10, 100}, coreTime{0, 10, 101}, 0},
		{"half", coreTime{0, 10, 100}, coreTime{0, 10.5, 101}, 50},
		{"full", coreTime{0, 10, 100}, coreTime{0, 11, 101}, 100},
		{"no time passed", coreTime{0, 10, 100}, coreTime{0, 10, 100}, Unknown},
		{"counters went back", coreTime{0, 10, 100}, coreTime{0, 9, 99}, Unknown},
		{"busy went back", coreTime{0, 10, 100}, coreTime{0, 9.9, 101}, 0},
		{"idle went back", coreTime{0, 10, 100}, coreTime{0, 11, 100.5}, 100},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := busyPercent(tc.before, tc.now); got != tc.want {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

// TestCoresComeAndGo takes core 1 offline and brings it back with its counters
// reset, as a kernel may.
func TestCoresComeAndGo(t *testing.T) {
	type core struct {
		ID      int
		CPU     float64
		History []float64
	}
	steps := []struct {
		reading []coreTime
		want    []core
		mean    float64
		history []float64
	}{
		{
			[]coreTime{{1, 500, 1000}, {0, 100, 1000}},
			[]core{{0, Unknown, nil}, {1, Unknown, nil}},
			Unknown, nil,
		},
		{
			[]coreTime{{1, 501, 1001}, {0, 100.5, 1001}},
			[]core{{0, 50, []float64{50}}, {1, 100, []float64{100}}},
			75,
			[]float64{75},
		},
		{
			[]coreTime{{0, 100.5, 1002}},
			[]core{{0, 0, []float64{50, 0}}},
			0,
			[]float64{75, 0},
		},
		{
			[]coreTime{{0, 101.5, 1003}, {1, 2, 10}},
			[]core{{0, 100, []float64{50, 0, 100}}, {1, Unknown, nil}},
			100,
			[]float64{75, 0, 100},
		},
		{
			nil,
			[]core{},
			Unknown,
			[]float64{75, 0, 100, Unknown},
		},
	}
	var c cores
	for i, step := range steps {
		out, mean, history := c.sample(step.reading)
		got := []core{}
		for _, o := range out {
			got = append(got, core{o.ID, o.CPU, append([]float64(nil), o.CPUHistory...)})
		}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("step %d: cores (-want +got):\n%s", i, diff)
		}
		if mean != step.mean {
			t.Errorf("step %d: mean %v, want %v", i, mean, step.mean)
		}
		if diff := cmp.Diff(step.history, append([]float64(nil), history...)); diff != "" {
			t.Errorf("step %d: history (-want +got):\n%s", i, diff)
		}
	}
}

func TestCoreID(t *testing.T) {
	for _, tc := range []struct {
		name  string
		index int
		want  int
	}{
		{"cpu0", 0, 0},
		{"cpu17", 3, 17},
		{"cpu", 4, 4},
		{"0,1", 5, 5},
		{"cpu-2", 6, 6},
	} {
		if got := coreID(tc.name, tc.index); got != tc.want {
			t.Errorf("coreID(%q, %d) = %d, want %d", tc.name, tc.index, got, tc.want)
		}
	}
}
