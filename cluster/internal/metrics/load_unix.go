//go:build !windows

package metrics

import "github.com/shirou/gopsutil/v3/load"

// loadAverages returns the load over 1, 5 and 15 minutes, Unknown if it cannot
// be read.
func loadAverages() (one, five, fifteen float64) {
	avg, err := load.Avg()
	if err != nil {
		return Unknown, Unknown, Unknown
	}
	return avg.Load1, avg.Load5, avg.Load15
}
