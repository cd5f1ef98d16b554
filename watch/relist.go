package watch

import (
	"slices"
	"time"

	"gcl-tui/watch/internal/files"
	"gcl-tui/watch/internal/source"
)

// relist finds out again what is linked in, if changes since the listing may
// have changed that. It comes after the build, which does not need it.
func (l *loop) relist() {
	if l.listing == nil || l.listed || len(l.stale) == 0 {
		return
	}
	l.listed = true
	recipe, old, stale, since := l.recipe, l.listing, l.stale, l.began
	l.stale = nil
	l.jobs.Go(func() {
		fresh, newer := l.list(recipe, old, stale, since)
		l.report(func(l *loop) { l.relisted(recipe, fresh, stale, newer) })
	})
}

// list makes a new listing if it must, and has it watched. newer are files that
// changed after the build began and before they were watched. It runs in a
// goroutine of its own.
func (l *loop) list(r *source.Recipe, old *source.Listing, stale []string, since time.Time) (fresh *source.Listing, newer []string) {
	if !old.Outdated(stale) {
		return old, nil
	}
	fresh, err := r.Go.List(l.ctx)
	if err != nil {
		return nil, nil // the build says what is wrong with the source
	}
	if l.files != nil {
		l.watch(r, fresh)
	}
	// What made the listing stale was watched: a later change of it is told of. A
	// build ahead begins so soon after a save that the clock cannot tell.
	newer = slices.DeleteFunc(fresh.Newer(since.Add(-source.Coarse), old), func(file string) bool {
		return slices.Contains(stale, file)
	})
	return fresh, newer
}

// relisted takes a new listing; nil if there is none because the source is
// wrong. It is then tried again after the next build.
func (l *loop) relisted(r *source.Recipe, fresh *source.Listing, stale, newer []string) {
	l.listed = false
	switch {
	case r != l.recipe: // it came with a listing of its own
		return
	case fresh == nil:
		l.stale = union(stale, l.stale)
		return
	}
	l.listing = fresh
	l.updateStatus()
	if len(newer) > 0 {
		l.changed(files.Change{Paths: newer})
	}
	if l.job == nil && len(l.stale) > 0 {
		l.relist()
	}
}

// watch has what a new listing of a recipe says watched. It may be called from
// any goroutine of the loop's.
func (l *loop) watch(r *source.Recipe, listing *source.Listing) {
	if l.files == nil {
		return
	}
	scope, _ := scopeOf(r, listing)
	if err := l.files.Watch(scope); err != nil {
		l.report(func(l *loop) { l.send(Warning{"what is newly linked in is not watched: " + err.Error()}) })
	}
}
