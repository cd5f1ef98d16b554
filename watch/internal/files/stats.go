package files

import "sync/atomic"

// Stats is how the watching is doing now.
type Stats struct {
	// Directories is how many are watched or, when polling, compared. Those that
	// only lead to what is watched (parents, places of links) are among them.
	Directories int
	// Files is how many count at present.
	Files int
	// Polling says that changes are looked for periodically.
	Polling bool
	// Why says why it polls: what the user asked for, or which limit is reached
	// and what to do about it. Empty if it does not poll.
	Why string
	// Held says what git is doing that a change waits for, for instance "a rebase
	// in /src/app". Empty if none waits.
	Held string
}

// statsCell hands the owner's Stats to any goroutine.
type statsCell struct{ p atomic.Pointer[Stats] }

func (c *statsCell) get() Stats {
	if s := c.p.Load(); s != nil {
		return *s
	}
	return Stats{}
}

// set publishes s if it is another than before.
func (c *statsCell) set(s Stats) {
	if old := c.p.Load(); old == nil || *old != s {
		c.p.Store(&s)
	}
}
