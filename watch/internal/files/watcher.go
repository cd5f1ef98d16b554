package files

import (
	"errors"
	"sync"
)

// ErrClosed is returned by Watch after Close.
var ErrClosed = errors.New("the watcher is closed")

// Watcher gives the changes of a scope. Its methods may be called from any
// goroutine.
type Watcher struct {
	changes  chan Change
	hints    chan Hint
	warnings chan Warning
	requests chan request
	done     chan struct{}
	close    sync.Once
	ended    sync.WaitGroup
	stats    statsCell
}

// request asks the owner to watch a scope.
type request struct {
	scope Scope
	reply chan error
}

// Open returns a watcher that watches nothing yet. If the system lends no
// watches it polls, and says so by a warning and in Stats. Close it.
func Open(o Options) (*Watcher, error) {
	w := &Watcher{
		changes:  make(chan Change),
		hints:    make(chan Hint),
		warnings: make(chan Warning, 16),
		requests: make(chan request),
		done:     make(chan struct{}),
	}
	own, err := newOwner(w, o.withDefaults())
	if err != nil {
		return nil, err
	}
	w.ended.Go(own.run)
	return w, nil
}

// Watch replaces the scope. When it returns, every later change of a file in it
// is noticed. What is known of files that stay is kept, so a change that has not
// been given yet is not lost. The error is about a path that is not absolute or
// a directory that cannot be read; the scope before stays in force then.
func (w *Watcher) Watch(s Scope) error {
	s, err := s.clean()
	if err != nil {
		return err
	}
	r := request{s, make(chan error, 1)}
	select {
	case w.requests <- r:
		return <-r.reply
	case <-w.done:
		return ErrClosed
	}
}

// Changes gives one value for each settled burst, never one without paths. The
// channel is closed by Close. While nobody reads, changes are merged.
func (w *Watcher) Changes() <-chan Change { return w.changes }

// Hints gives, if Options.Hints is set, what a burst comes to before it has
// settled. It follows from none that a Change comes: what was hinted at may be
// taken back, by a Hint without paths, and a Change may be another. No Hint comes
// after the Change that it was about. The channel is closed by Close. While nobody
// reads, the newest counts.
func (w *Watcher) Hints() <-chan Hint { return w.hints }

// Warnings gives what the user should know. The channel is closed by Close. It
// has some room; warnings that nobody reads are dropped beyond that.
func (w *Watcher) Warnings() <-chan Warning { return w.warnings }

// Stats says how the watching is doing.
func (w *Watcher) Stats() Stats { return w.stats.get() }

// Close ends the watching. When it returns, no goroutine and no descriptor is
// left. A second call does nothing. The error is always nil.
func (w *Watcher) Close() error {
	w.close.Do(func() { close(w.done) })
	w.ended.Wait()
	return nil
}
