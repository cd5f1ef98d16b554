package files

import (
	"sync"

	"github.com/fsnotify/fsnotify"
)

// fake is a backend whose events and errors a test makes up.
type fake struct {
	out  chan fsnotify.Event
	errs chan error

	mu      sync.Mutex
	watched map[string]bool
	limit   int // after so many watches add fails
	err     error
	opened  int
}

func (f *fake) open() (backend, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.limit == 0 && f.err != nil {
		return nil, f.err
	}
	f.opened++
	f.out, f.errs, f.watched = make(chan fsnotify.Event), make(chan error), map[string]bool{}
	return f, nil
}

func (f *fake) add(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil && len(f.watched) >= f.limit {
		return f.err
	}
	f.watched[dir] = true
	return nil
}

func (f *fake) remove(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.watched, dir)
	return nil
}

func (f *fake) events() <-chan fsnotify.Event { return f.out }
func (f *fake) errors() <-chan error          { return f.errs }

func (f *fake) close() error {
	close(f.out)
	close(f.errs)
	return nil
}

func (f *fake) write(path string) { f.out <- fsnotify.Event{Name: path, Op: fsnotify.Write} }
func (f *fake) gone(path string)  { f.out <- fsnotify.Event{Name: path, Op: fsnotify.Remove} }
