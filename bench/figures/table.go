package main

import (
	"fmt"
	"slices"
	"time"
)

// series is repeated measurements of one figure.
type series []time.Duration

func (s series) median() time.Duration { return median(s) }

// median returns the middle of the values, or 0 if there is none.
func median[T float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
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

// numbers prints a line of the table for values that are no times.
func (b *bench) numbers(name, format string, values []float64) {
	text := func(v float64) string { return fmt.Sprintf(format, v) }
	fmt.Fprintf(b.out, "%s\t%s\t%s\t%s\t%d\n", name, text(median(values)), text(slices.Min(values)), text(slices.Max(values)), len(values))
}

// fact prints a line of the table for what was measured once.
func (b *bench) fact(name, value string) { fmt.Fprintf(b.out, "%s\t%s\t\t\t1\n", name, value) }

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
