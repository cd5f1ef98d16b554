//go:build !linux

package metrics

// findGroups returns none: control groups are a thing of Linux.
func findGroups(int) []group { return nil }
