package files

import (
	"maps"
	"slices"
	"time"
)

const (
	// earlyQuiet is how long nothing may happen before a burst is hinted at: an
	// editor that empties a file and writes it anew has done both by then.
	earlyQuiet = 10 * time.Millisecond
	// maxLooks is how often a burst is looked at, and so how many hints it may
	// have. A formatter that writes what was just saved gets its second; what goes
	// on and on waits until it has settled.
	maxLooks = 3
)

// Hint says what a burst comes to as far as is known before it has settled, for
// work that can be thrown away. A [Change] that comes to the very same names it.
type Hint struct {
	// Number tells hints apart; it is 0 if there are no Paths.
	Number uint64
	// Paths are like those of a Change. If there are none, what was hinted at
	// before does not hold any more, and nothing is known in its place.
	Paths []string
}

// state is how files are that are others than before: the zero value if gone.
type state map[string]file

// add notes a file. When it was looked at is no part of how it is, nor when its mode
// was set, as some editors do after a save, if the content is known.
func (s state) add(path string, f file) {
	f.racy = false
	if f.hashed {
		f.ctime = 0
	}
	s[path] = f
}

// early is what is known of a burst before it has settled.
type early struct {
	looked time.Time // the last event of the burst when it was looked at
	looks  int       // at this burst
	number uint64    // of the newest hint
	state  state     // what that says; empty if nothing is hinted at
	out    *Hint     // waits for a reader
}

// glanceDue returns when the burst has to be looked at for a hint.
func (o *owner) glanceDue() (time.Time, bool) {
	if !o.o.Hints || o.burst.first.IsZero() || o.hold.what != "" || !o.burst.last.After(o.early.looked) {
		return time.Time{}, false
	}
	return o.burst.last.Add(earlyQuiet), true
}

// glance gives a hint if the burst comes to something else than the last one
// said.
func (o *owner) glance() {
	e := &o.early
	e.looked = o.burst.last
	if e.looks++; e.looks > maxLooks {
		e.withdraw()
		return
	}
	now := o.soFar()
	switch {
	case maps.Equal(now, e.state):
	case len(now) == 0:
		e.withdraw()
	default:
		e.number++
		e.state, e.out = now, &Hint{e.number, slices.Sorted(maps.Keys(now))}
	}
}

// soFar returns how the files are that have changed, nothing if that cannot be
// told yet or is too much: many files are hardly a save, and git may have more
// to do.
func (o *owner) soFar() state {
	if len(o.stale) > 0 || len(o.dirty)+len(o.lost) >= checkout || o.gitWork() != "" {
		return nil
	}
	now := state{}
	for _, paths := range []func(func(string) bool){maps.Keys(o.dirty), maps.Keys(o.lost)} {
		for path := range paths {
			if j := o.judge(path); j.changed {
				now.add(path, j.now)
			}
		}
	}
	return now
}

// withdraw takes back what was hinted at.
func (e *early) withdraw() {
	if len(e.state) > 0 {
		e.state, e.out = nil, &Hint{}
	}
}

// settled ends the hints of a burst, which came to that. It returns the number of
// the one that came true, 0 if none did.
func (e *early) settled(now state) (number uint64) {
	if e.looks = 0; len(now) == 0 {
		e.withdraw()
		return 0
	}
	if maps.Equal(now, e.state) {
		number = e.number
	}
	e.state, e.out = nil, nil // the change says it
	return number
}
