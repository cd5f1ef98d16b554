package cluster

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// crash is one in the life of a slot, and what is to follow.
type crash struct {
	at, uptime time.Duration // at counts from the slot's beginning
	ready      bool
	want       verdict // delay is the longest allowed
}

func TestRestartPolicy(t *testing.T) {
	const ms = time.Millisecond
	for name, crashes := range map[string][]crash{
		"at once, then doubling": {
			{at: 0, ready: true, want: verdict{attempt: 1}},
			{at: 1 * time.Second, ready: true, want: verdict{attempt: 2, delay: 100 * ms}},
			{at: 2 * time.Second, ready: true, want: verdict{attempt: 3, delay: 200 * ms}},
			{at: 3 * time.Second, ready: true, want: verdict{attempt: 4, delay: 400 * ms}},
		},
		"anew after ten seconds up": {
			{at: 0, want: verdict{attempt: 1}},
			{at: 1 * time.Second, want: verdict{attempt: 2, delay: 100 * ms}},
			{at: 11 * time.Second, uptime: steadyAfter - 1, want: verdict{attempt: 3, delay: 200 * ms}},
			{at: 22 * time.Second, uptime: steadyAfter, want: verdict{attempt: 1}},
		},
		"five within ten seconds, never ready": {
			{at: 0, want: verdict{attempt: 1}},
			{at: 1 * time.Second, want: verdict{attempt: 2, delay: 100 * ms}},
			{at: 2 * time.Second, want: verdict{attempt: 3, delay: 200 * ms}},
			{at: 3 * time.Second, want: verdict{attempt: 4, delay: 400 * ms}},
			{at: 10 * time.Second, want: verdict{giveUp: true, crashes: 5, window: 10 * time.Second}},
		},
		"the fifth comes too late": {
			{at: 0, want: verdict{attempt: 1}},
			{at: 1 * time.Second, want: verdict{attempt: 2, delay: 100 * ms}},
			{at: 2 * time.Second, want: verdict{attempt: 3, delay: 200 * ms}},
			{at: 3 * time.Second, want: verdict{attempt: 4, delay: 400 * ms}},
			{at: 10*time.Second + 1, want: verdict{attempt: 5, delay: 800 * ms}},
		},
		"one of the five was ready": {
			{at: 0, want: verdict{attempt: 1}},
			{at: 1 * time.Second, want: verdict{attempt: 2, delay: 100 * ms}},
			{at: 2 * time.Second, want: verdict{attempt: 3, delay: 200 * ms}},
			{at: 3 * time.Second, ready: true, want: verdict{attempt: 4, delay: 400 * ms}},
			{at: 4 * time.Second, want: verdict{attempt: 5, delay: 800 * ms}},
		},
		"ten within a minute, each ready": {
			{at: 0, ready: true, want: verdict{attempt: 1}},
			{at: 1 * time.Second, ready: true, want: verdict{attempt: 2, delay: 100 * ms}},
			{at: 2 * time.Second, ready: true, want: verdict{attempt: 3, delay: 200 * ms}},
			{at: 3 * time.Second, ready: true, want: verdict{attempt: 4, delay: 400 * ms}},
			{at: 4 * time.Second, ready: true, want: verdict{attempt: 5, delay: 800 * ms}},
			{at: 6 * time.Second, ready: true, want: verdict{attempt: 6, delay: 1600 * ms}},
			{at: 10 * time.Second, ready: true, want: verdict{attempt: 7, delay: 3200 * ms}},
			{at: 20 * time.Second, ready: true, want: verdict{attempt: 8, delay: 6400 * ms}},
			{at: 40 * time.Second, ready: true, want: verdict{attempt: 9, delay: 12800 * ms}},
			{at: 60 * time.Second, ready: true, want: verdict{giveUp: true, crashes: 10, window: time.Minute}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var p restartPolicy
			start := time.Now()
			for i, c := range crashes {
				got := p.crashed(start.Add(c.at), c.uptime, c.ready)
				checkJitter(t, got.delay, c.want.delay)
				got.delay = c.want.delay
				if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(verdict{})); diff != "" {
					t.Fatalf("crash %d (-want +got):\n%s", i+1, diff)
				}
			}
		})
	}
}

// checkJitter wants a delay of at most longest and more than four fifths of it.
func checkJitter(t *testing.T, delay, longest time.Duration) {
	t.Helper()
	if delay > longest || delay <= longest-longest/5 && longest != 0 {
		t.Errorf("delay %v, want more than four fifths of %v and no more than it", delay, longest)
	}
}

func TestBackoffDoublesToItsLimit(t *testing.T) {
	const ms = time.Millisecond
	longest := map[int]time.Duration{
		0: 0, 1: 0, 2: 100 * ms, 3: 200 * ms, 4: 400 * ms, 5: 800 * ms, 6: 1600 * ms,
		7: 3200 * ms, 8: 6400 * ms, 9: 12800 * ms, 10: maxBackoff, 11: maxBackoff,
		64: maxBackoff, math.MaxInt: maxBackoff,
	}
	for attempt, want := range longest {
		for range 1000 {
			checkJitter(t, backoff(attempt), want)
		}
	}
}

func TestBackoffHasJitter(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 100 {
		seen[backoff(9)] = true
	}
	if len(seen) < 90 {
		t.Errorf("%d different delays in 100", len(seen))
	}
}
