package main

import (
	"fmt"
	"slices"
	"time"
)

// series is repeated measurements of one figure.
type series []time.Duration

func (s series) median() time.Duration {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

// row prints a line of the table for a series.
func (b *bench) row(name string, s series) {
	if len(s) == 0 {
		return
	}
	fmt.Fprintf(b.out, "%s\t%s\t%s\t%s\t%d\n", name, millis(s.median()), millis(slices.Min(s)), millis(slices.Max(s)), len(s))
}

// fact prints a line of the table for what was measured once.
func (b *bench) fact(name, value string) { fmt.Fprintf(b.out, "%s\t%s\t\t\t1\n", name, value) }

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
