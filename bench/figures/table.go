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

// inTurn measures something without the program and with it, in turn, and prints
// lines for both and for what the program adds.
func (b *bench) inTurn(rounds int, bareName string, bare func() (time.Duration, error),
	withName string, with func() (time.Duration, error),
) error {
	var bares, withs, added []float64
	for range rounds {
		d, err := bare()
		if err != nil {
			return fmt.Errorf("%s: %w", bareName, err)
		}
		r, err := with()
		if err != nil {
			return fmt.Errorf("%s: %w", withName, err)
		}
		bares, withs, added = append(bares, micros(d)), append(withs, micros(r)), append(added, micros(r-d))
	}
	b.numbers(bareName, "%.1f µs", bares)
	b.numbers("  "+withName, "%.1f µs", withs)
	b.numbers("  added", "%.1f µs", added)
	return nil
}

// fact prints a line of the table for what was measured once.
func (b *bench) fact(name, value string) { fmt.Fprintf(b.out, "%s\t%s\t\t\t1\n", name, value) }

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

func millis(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}
