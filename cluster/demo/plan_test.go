package demo

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// span is a whole number of the load's days.
const span = 16 * day

// inSpan returns the requests of a plan's first days.
func inSpan(seed uint64) []request {
	var all []request
	p := newPlan(seed)
	for r := p.next(); r.at < span; r = p.next() {
		all = append(all, r)
	}
	return all
}

func TestSeedDecidesPlan(t *testing.T) {
	first := inSpan(1)
	if !slices.Equal(first, inSpan(1)) {
		t.Error("the same seed gave two different plans")
	}
	if other := inSpan(2); slices.Equal(first[:100], other[:100]) {
		t.Error("two seeds gave the same plan")
	}
}

func TestPlanStaysInBounds(t *testing.T) {
	for range 3 {
		seed := rand.Uint64()
		requests := inSpan(seed)
		if got := float64(len(requests)) / span.Seconds(); got < meanRate*0.98 || got > meanRate*1.02 {
			t.Errorf("seed %d: %.0f requests a second on average, want %.0f", seed, got, meanRate)
		}
		var crashes []time.Duration
		for _, r := range requests {
			if r.path == "/crash" {
				crashes = append(crashes, r.at)
			}
		}
		if len(crashes) == 0 || crashes[0] > firstCrash+time.Second {
			t.Fatalf("seed %d: the first crash is late: %v", seed, crashes)
		}
		for i, at := range crashes[1:] {
			if gap := at - crashes[i]; gap < minCrashGap || gap > maxCrashGap+time.Second {
				t.Errorf("seed %d: %v between two crashes", seed, gap)
			}
		}
	}
}

func TestRateHasADay(t *testing.T) {
	noon, midnight := rateAt(day/4), rateAt(3*day/4)
	if noon != meanRate+waveRate || midnight != meanRate-waveRate {
		t.Errorf("noon %.0f, midnight %.0f", noon, midnight)
	}
}

func TestPlanUsesEveryRoute(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range inSpan(3) {
		route, _, _ := strings.Cut(r.path, "?")
		seen[r.method+" "+route] = true
	}
	for _, want := range []string{"GET /", "GET /slow", "GET /burn", "GET /big", "GET /fail", "GET /missing", "POST /crash"} {
		if !seen[want] {
			t.Errorf("never asked for: %s", want)
		}
	}
}
