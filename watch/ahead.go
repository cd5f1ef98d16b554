package watch

import (
	"slices"

	"gcl-tui/watch/internal/files"
)

// hinted builds ahead: most of a build is then done when the change has settled.
// What comes of it is not told of before, and not at all if the change is another.
func (l *loop) hinted(h files.Hint) {
	l.settled()
	if l.buildsAhead(h.Paths) {
		l.ahead = h
		l.buildAhead()
	}
}

// buildsAhead reports whether a change of paths can be built before it has
// settled. A command of the user's may do more than build: it runs for changes
// that it is told of, and for nothing else.
func (l *loop) buildsAhead(paths []string) bool {
	if l.paused || l.store == nil || l.recipe.Shell != "" {
		return false
	}
	paths = l.counting(paths)
	return len(paths) > 0 && !slices.ContainsFunc(paths, l.isOwnBinary) &&
		(l.listing == nil || l.listing.Rebuilds(paths))
}

// buildAhead starts what is to be built ahead, unless something runs.
func (l *loop) buildAhead() {
	if l.job != nil || l.ahead.Number == 0 {
		return
	}
	j := &job{todo: todo{source: true}, hint: l.ahead.Number}
	l.ahead = files.Hint{}
	l.start(j)
}

// takeOver makes the build ahead that of a change, if it was for this very one.
func (l *loop) takeOver(t todo, hint uint64) bool {
	j := l.job
	if j == nil || hint == 0 || j.hint != hint || j.stopped {
		return false
	}
	j.todo, j.hint = t, 0
	l.send(BuildStarted{l.commandLine()})
	if j.ended != nil {
		l.finished(*j.ended)
	}
	return true
}

// settled ends the building ahead. What has been taken over is not concerned.
func (l *loop) settled() {
	l.ahead = files.Hint{}
	l.discard()
}

// discard ends the build ahead that runs, and forgets what one has made.
func (l *loop) discard() {
	j := l.job
	switch {
	case j == nil || j.hint == 0:
	case j.ended != nil:
		l.job = nil
	default:
		j.stopped = true
		j.cancel()
	}
}
