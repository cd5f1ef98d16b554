//go:build !race

package e2e

// raceFlags build the program as these tests are built.
var raceFlags []string
