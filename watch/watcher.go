package watch

import (
	"context"
	"slices"
	"time"

	"gcl-tui/watch/internal/build"
	"gcl-tui/watch/internal/files"
)

// Watcher builds what changes. Its methods are safe from any goroutine and do
// not wait, except Close.
type Watcher struct {
	events chan Event
	inbox  chan func(*loop)
	cancel context.CancelFunc
	done   chan struct{} // closed when everything has ended
	err    error         // valid once done is closed
}

// Start starts the first build, if Program says that one is needed or if the
// source is newer than the binary, and then watches, until ctx ends or Close.
// The error is about the directory that builds go to or the watching itself;
// nothing is left running then.
//
// serving returns since when the newest program that serves does so, zero if none
// does; it must not wait. What the program can have written itself is told by it.
func (p *Plan) Start(ctx context.Context, serving func() time.Time) (*Watcher, error) {
	l := &loop{plan: p, recipe: p.recipe, listing: p.recipe.Listing, serving: serving, now: time.Now}
	if err := l.open(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	w := &Watcher{
		events: make(chan Event),
		inbox:  make(chan func(*loop), 16),
		cancel: cancel,
		done:   make(chan struct{}),
	}
	l.Watcher, l.ctx = w, ctx
	go l.run()
	return w, nil
}

// open opens what the loop closes at its end.
func (l *loop) open() (err error) {
	if l.plan.Builds() {
		if l.store, err = build.Open(); err != nil {
			return err
		}
	}
	if l.plan.opts.Off {
		return nil
	}
	l.files, err = files.Open(files.Options{
		Ignore: l.plan.opts.Ignore, Debounce: l.plan.opts.Debounce, Poll: l.plan.opts.Poll,
		Hints: l.store != nil && l.recipe.Shell == "",
	})
	if err != nil && l.store != nil {
		_ = l.store.Close() // the error before says more
	}
	return err
}

// Events returns what happens, in order. It is closed when the Watcher has
// ended. See the package's documentation for a reader that falls behind.
func (w *Watcher) Events() <-chan Event { return w.events }

// Pause collects changes without acting on them. A build that runs is finished.
func (w *Watcher) Pause() { w.post(func(l *loop) { l.pause("") }) }

// Resume acts on changes again, at once on those that came meanwhile.
func (w *Watcher) Resume() { w.post((*loop).resume) }

// Build builds now, paused or not. Where nothing is built, it sends Built.
func (w *Watcher) Build() { w.post((*loop).buildNow) }

// Keep names all programs that are in use: their files stay until a later call
// leaves them out. The latest three builds stay in any case.
func (w *Watcher) Keep(paths ...string) {
	paths = slices.Clone(paths)
	w.post(func(l *loop) {
		if l.store != nil {
			l.store.Use(paths)
		}
	})
}

// Close ends the Watcher, waits until it has ended, and removes what it built.
// A second call returns the same.
func (w *Watcher) Close() error {
	w.cancel()
	<-w.done
	return w.err
}

// post has f run by the loop, unless that has ended.
func (w *Watcher) post(f func(*loop)) {
	select {
	case w.inbox <- f:
	case <-w.done:
	}
}
