//go:build unix && !linux

package proc

// reapOrphans does nothing: orphans go to the first process here.
func reapOrphans() (stop func()) { return func() {} }

// followStrays does nothing: strays cannot be told from strangers here.
func (s *Spawner) followStrays() (stop func()) { return func() {} }
