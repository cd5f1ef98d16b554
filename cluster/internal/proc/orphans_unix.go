//go:build unix && !linux

package proc

// reapOrphans does nothing: orphans go to the first process here.
func reapOrphans() (stop func()) { return func() {} }
