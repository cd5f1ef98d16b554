package main

import (
	"fmt"
	"slices"
	"time"
)

// unknown is shown for what was not measured.
const unknown = "-"

// median returns the middle of the values, or 0 if there is none.
func median[T float64 | time.Duration](values []T) T {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func rates(runs []result) (all []float64) {
	for _, r := range runs {
		all = append(all, r.rate)
	}
	return all
}

func p99s(runs []result) (all []time.Duration) {
	for _, r := range runs {
		all = append(all, r.p99)
	}
	return all
}

func rateText(runs []result) string {
	if len(runs) == 0 {
		return unknown
	}
	return fmt.Sprintf("%.0f", median(rates(runs)))
}

// spread returns how far the fastest and the slowest run are from their middle,
// in percent of the median.
func spread(runs []result) string {
	if len(runs) == 0 {
		return unknown
	}
	all := rates(runs)
	return fmt.Sprintf("±%.0f%%", 50*(slices.Max(all)-slices.Min(all))/median(all))
}

// ratio returns the median of a's rate over b's within each round.
func ratio(a, b []result) string {
	if len(a) == 0 || len(a) != len(b) {
		return unknown
	}
	var ratios []float64
	for i := range a {
		ratios = append(ratios, a[i].rate/b[i].rate)
	}
	return fmt.Sprintf("%.2f", median(ratios))
}

func millis(all []time.Duration) string {
	if len(all) == 0 {
		return unknown
	}
	return fmt.Sprintf("%.2fms", float64(median(all))/float64(time.Millisecond))
}
