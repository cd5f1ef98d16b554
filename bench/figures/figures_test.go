package main

import (
	"strings"
	"testing"
	"time"
)

func TestStamp(t *testing.T) {
	at, ok := stamp(stampPrefix + "1500000000\n")
	if want := time.Unix(1, 500_000_000); !ok || !at.Equal(want) {
		t.Errorf("%v, %v; want %v", at, ok, want)
	}
	for _, line := range []string{"", "listening", stampPrefix, stampPrefix + "soon"} {
		if _, ok := stamp(line); ok {
			t.Errorf("%q is taken for a stamp", line)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		s    series
		want time.Duration
	}{{nil, 0}, {series{3}, 3}, {series{9, 1, 2}, 2}, {series{9, 1, 2, 4}, 3}} {
		if got := c.s.median(); got != c.want {
			t.Errorf("median of %v: %v, want %v", c.s, got, c.want)
		}
	}
}

// What comes while something else is awaited is counted, not lost.
func TestStepCountsWhatCameMeanwhile(t *testing.T) {
	h := &headless{events: make(chan event, 10), seen: map[string]int{}}
	for _, name := range strings.Fields("worker_ready scaled worker_ready scaled worker_ready log") {
		h.events <- event{Event: name}
	}
	signals := 0
	signal := func(*headless) error { signals++; return nil }
	if err := h.step(t.Context(), "worker_ready", 2, signal); err != nil {
		t.Fatal(err)
	}
	if signals != 2 || h.seen["scaled"] != 2 || h.seen["worker_ready"] != 2 {
		t.Errorf("%d signals, seen %v", signals, h.seen)
	}
	close(h.events)
	if err := h.step(t.Context(), "worker_ready", 2, nil); err == nil {
		t.Error("the program's end is no error")
	}
}
