package files

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// holdCheck is how often it is looked whether git is done. Its directory is
	// not watched: with every "git status" something happens there.
	holdCheck = 100 * time.Millisecond
	// staleLock is how long the index may be locked, with no change of a file,
	// until the lock counts as left behind by a git that died.
	staleLock = 10 * time.Second
)

// hold is why a burst that has settled is not given.
type hold struct {
	what  string                 // what git is doing, "" for nothing
	check time.Time              // when to look again
	lock  fs.FileInfo            // the index's, if it is locked
	since time.Time              // when that lock was seen first
	stale map[string]fs.FileInfo // locks left behind, by git directory
	ended bool                   // the burst has waited for git
}

func newHold() hold { return hold{stale: map[string]fs.FileInfo{}} }

// heldBack reports whether the burst has to wait: because git is working in the
// repository of a changed file, or has just ceased to.
func (o *owner) heldBack() bool {
	what := o.gitWork()
	switch {
	case what != "":
		began := o.hold.what == ""
		o.hold.what, o.hold.check = what, o.now.Add(holdCheck)
		if o.publish(); began {
			o.warn(WarnHeld, "changes wait for "+what)
		}
		return true
	case o.hold.what != "":
		o.hold.what, o.hold.ended = "", true
		o.publish()
		o.warn(WarnResumed, "changes are given again")
		o.burst.restart(o.now)
		return true
	}
	return false
}

// checkout is how many files make a burst one that git may have made.
const checkout = 16

// gitWasHere reports whether git has written an index during the burst, in a
// repository of a changed file, and so may have changed more files than the
// events have told of yet: on a busy machine they come late.
func (o *owner) gitWasHere() bool {
	if o.hold.ended {
		o.hold.ended = false
		return true
	}
	if len(o.dirty)+len(o.lost) < checkout {
		return false
	}
	span := o.now.Sub(o.burst.first) + o.o.MaxWait
	for r := range o.repos() {
		fi, err := os.Stat(filepath.Join(r.gitDir, "index"))
		if err == nil && o.now.Sub(fi.ModTime()).Abs() < span {
			return true
		}
	}
	return false
}

// repos returns the repositories of the changed files.
func (o *owner) repos() map[repo]struct{} {
	repos, seen := map[repo]struct{}{}, map[string]struct{}{}
	add := func(path string) {
		dir := filepath.Dir(path)
		if _, ok := seen[dir]; ok {
			return
		}
		seen[dir] = struct{}{}
		if r, ok := findRepo(dir); ok {
			repos[r] = struct{}{}
		}
	}
	for path := range o.dirty {
		add(path)
	}
	for path := range o.lost {
		add(path)
	}
	return repos
}

// gitWork says what git is doing in the repositories of the changed files.
func (o *owner) gitWork() string {
	work := ""
	for _, r := range slices.SortedFunc(maps.Keys(o.repos()), func(a, b repo) int { return len(a.top) - len(b.top) }) {
		what, lock := r.busy()
		if lock != nil && o.leftBehind(r, lock) {
			continue
		}
		if work == "" {
			work = what
		}
	}
	return work
}

// leftBehind reports whether a lock is one that nobody will remove.
func (o *owner) leftBehind(r repo, lock fs.FileInfo) bool {
	if sameLock(o.hold.stale[r.gitDir], lock) {
		return true
	}
	if !sameLock(o.hold.lock, lock) {
		o.hold.lock, o.hold.since = lock, o.now
	}
	if o.now.Sub(o.hold.since) < staleLock || o.now.Sub(o.burst.last) < staleLock {
		return false
	}
	o.hold.stale[r.gitDir] = lock
	o.warn(WarnStaleLock, "git has locked "+r.top+" for long without changing anything; if none is running: rm "+filepath.Join(r.gitDir, indexLock))
	return true
}

func sameLock(a, b fs.FileInfo) bool {
	return a != nil && os.SameFile(a, b) && a.ModTime().Equal(b.ModTime())
}
