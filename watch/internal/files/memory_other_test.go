//go:build !linux

package files

// memoryDirs are directories on a file system in memory.
func memoryDirs() []string { return nil }
