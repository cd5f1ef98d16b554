package watch

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"gcl-tui/watch/internal/build"
	"gcl-tui/watch/internal/files"
	"gcl-tui/watch/internal/source"
)

// maxQueued bounds the events that wait for a slow reader.
const maxQueued = 256

// loop owns the state of a Watcher. Only its goroutine touches it.
type loop struct {
	*Watcher
	plan   *Plan
	recipe *source.Recipe // the plan's, until a binary is built by hand in another way
	ctx    context.Context
	files  *files.Watcher // nil if nothing is watched
	store  *build.Store   // nil if nothing is built
	jobs   sync.WaitGroup // builds and listings

	queue  []Event
	status Status

	paused  bool
	pending []string // what changed while paused
	loops   files.Loops
	now     func() time.Time // by which changes are quick or not
	serving func() time.Time // since when what was handed over last serves, or what was before it
	handed  time.Time        // when the latest Built event was made

	job   *job       // the one that runs
	next  todo       // what is to be done after it
	ahead files.Hint // what is to be built ahead of it once none runs
	began time.Time  // when the latest job did
	ended time.Time  // when the user's build command last did, and was not cancelled

	latest build.Hash // of the latest Built event; zero before it

	listing *source.Listing // nil if the source is not Go
	listed  bool            // a listing is being made
	stale   []string        // what changed since the listing
}

// run runs until the context ends.
func (l *loop) run() {
	l.begin()
	for l.ctx.Err() == nil {
		l.step()
	}
	l.end()
}

// step waits for one thing to happen.
func (l *loop) step() {
	var events chan<- Event
	var head Event
	if len(l.queue) > 0 {
		events, head = l.events, l.queue[0]
	}
	var hints <-chan files.Hint
	var changes <-chan files.Change
	var warnings <-chan files.Warning
	if l.files != nil {
		hints, changes, warnings = l.files.Hints(), l.files.Changes(), l.files.Warnings()
	}
	select {
	case events <- head:
		l.queue = l.queue[1:]
	case f := <-l.inbox:
		f(l)
	case h := <-hints:
		l.hinted(h)
	case c := <-changes:
		l.changed(c)
		l.updateStatus()
	case w := <-warnings:
		l.send(Warning{w.Text})
		l.updateStatus()
	case <-l.ctx.Done():
	}
}

// begin starts the first build and the watching.
func (l *loop) begin() {
	if _, ok := l.plan.Program(); !ok {
		l.do(todo{source: true})
	}
	if l.files == nil {
		l.updateStatus()
		return
	}
	scope, some := scopeOf(l.recipe, l.listing)
	if !some {
		l.updateStatus() // its line says why there is nothing
		return
	}
	l.jobs.Go(func() {
		err := l.files.Watch(scope)
		l.report(func(l *loop) {
			if err != nil {
				l.send(Warning{"nothing is watched: " + err.Error()})
			}
			l.updateStatus()
			l.catchUp()
		})
	})
}

// catchUp acts on what changed before it was watched.
func (l *loop) catchUp() {
	if l.listing == nil {
		return
	}
	since := l.plan.found
	if l.recipe.Kind == source.GoBinary && l.recipe.Shell == "" {
		info, err := os.Stat(l.recipe.File)
		if err != nil {
			return // it is being replaced, which is a change
		}
		since = info.ModTime()
	}
	if newer := l.listing.Newer(since, nil); len(newer) > 0 {
		l.changed(files.Change{Paths: newer})
	}
}

// end ends everything and closes what was opened.
func (l *loop) end() {
	l.cancel()
	var failed []error
	if l.files != nil {
		failed = append(failed, l.files.Close())
	}
	l.jobs.Wait()
	if l.store != nil {
		failed = append(failed, l.store.Close())
	}
	l.err = errors.Join(failed...)
	close(l.events)
	close(l.done)
}

// report has f run by the loop, from one of its own goroutines.
func (l *loop) report(f func(*loop)) {
	select {
	case l.inbox <- f:
	case <-l.ctx.Done():
	}
}

// send queues an event.
func (l *loop) send(e Event) {
	if len(l.queue) >= maxQueued {
		l.queue = l.queue[1:]
	}
	l.queue = append(l.queue, e)
}

// updateStatus says what is watched, if that has changed.
func (l *loop) updateStatus() {
	s := Status{What: l.recipe.What(l.listing), Waiting: len(l.pending)}
	if l.files != nil {
		stats := l.files.Stats()
		s.Dirs, s.Polling = stats.Directories, stats.Polling
		if l.listing != nil {
			s.Dirs = l.listing.Dirs
		}
	}
	if s != l.status {
		l.status = s
		l.send(s)
	}
}
