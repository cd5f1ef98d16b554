//go:build !race

package cluster

// lighter divides loads where the race detector runs.
const lighter = 1
