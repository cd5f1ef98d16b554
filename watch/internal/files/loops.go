package files

import (
	"slices"
	"time"
)

// A program that writes into what is watched reloads itself for ever.
const (
	loopChanges = 5
	loopWindow  = 10 * time.Second
)

// Loops notices a program that writes into what is watched: the same file
// changes after each of several reloads in a short time. The zero value is
// ready. It is not safe for concurrent use.
type Loops struct {
	reloaded bool
	times    map[string][]time.Time
}

// Reloaded notes that a reload has begun. Only the first change after it can be
// the program's own doing.
func (l *Loops) Reloaded() { l.reloaded = true }

// Seen notes a change of paths at a time, which the program may have made, and
// returns the file that is in a loop: the one that changed right after a reload 5
// times within 10 s. Changes without a reload between them count once, so quick
// saving is no loop. After a loop was found it starts afresh.
func (l *Loops) Seen(paths []string, now time.Time) (file string, loop bool) {
	if !l.reloaded {
		return "", false
	}
	l.reloaded = false
	for path, times := range l.times {
		times = slices.DeleteFunc(times, func(t time.Time) bool { return now.Sub(t) >= loopWindow })
		if l.times[path] = times; len(times) == 0 {
			delete(l.times, path)
		}
	}
	if l.times == nil {
		l.times = map[string][]time.Time{}
	}
	for _, path := range paths {
		l.times[path] = append(l.times[path], now)
		if len(l.times[path]) >= loopChanges {
			*l = Loops{}
			return path, true
		}
	}
	return "", false
}
