package files

import "time"

// Options say how changes are found and when they are given.
type Options struct {
	// Ignore are globs in the syntax of gitignore(5), relative to the directory
	// of each tree. They stand above all other rules, so "!dist" brings back
	// what is left out otherwise. Files named in the scope are not subject to
	// them.
	Ignore []string
	// Debounce is how long nothing may happen before a burst counts as settled;
	// 100 ms if zero.
	Debounce time.Duration
	// MaxWait is after how long a burst that does not settle is given; if zero 1 s,
	// or twice Debounce where that is more.
	MaxWait time.Duration
	// Poll compares time and size periodically instead of waiting for events:
	// for mounts that deliver none.
	Poll bool

	// Hints has [Watcher.Hints] given. Files that seem to change are read up to
	// three times more for them.
	Hints bool

	// What tests replace.
	open    func() (backend, error)
	idle    func() // called by the owner when the background has read all files
	settled func() // called by the owner when a burst has ended
	// busy says that a test is in the middle of what is to be one burst, however
	// slow the machine: none settles then.
	busy func() bool
}

func (o Options) withDefaults() Options {
	if o.Debounce <= 0 {
		o.Debounce = 100 * time.Millisecond
	}
	if o.MaxWait <= 0 {
		o.MaxWait = max(time.Second, 2*o.Debounce)
	}
	if o.open == nil {
		o.open = openEvents
	}
	if o.idle == nil {
		o.idle = func() {}
	}
	if o.settled == nil {
		o.settled = func() {}
	}
	if o.busy == nil {
		o.busy = func() bool { return false }
	}
	return o
}
