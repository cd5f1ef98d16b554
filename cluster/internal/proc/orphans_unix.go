//go:build unix && !linux

package proc

// reapOrphans does nothing: orphans go to the first process here.
func reapOrphans() (stop func()) { return func() {} }

// straySessions returns none: strays cannot be told from strangers here.
func straySessions() map[int]bool { return map[int]bool{} }
