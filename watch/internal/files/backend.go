package files

import (
	"errors"

	"github.com/fsnotify/fsnotify"
)

// op is what happened to a name in a watched directory.
type op uint8

const (
	opWrite  op = 1 << iota // its content
	opCreate                // it appeared, or something was moved onto it
	opGone                  // it was removed or moved away
)

// event is something that happened at a path: the path of a watched directory,
// or of a name in one.
type event struct {
	path string
	op   op
}

// errOverflow is among the errors of a backend when it has lost events.
var errOverflow = fsnotify.ErrEventOverflow

// backend watches directories. The channels are closed by Close. Nobody has to
// read them while add waits; somebody else must.
type backend interface {
	add(dir string) error
	remove(dir string) error
	events() <-chan fsnotify.Event
	errors() <-chan error
	close() error
}

// notify is the backend of the system.
type notify struct{ w *fsnotify.Watcher }

func openEvents() (backend, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return notify{w}, nil
}

func (n notify) add(dir string) error          { return n.w.Add(dir) }
func (n notify) events() <-chan fsnotify.Event { return n.w.Events }
func (n notify) errors() <-chan error          { return n.w.Errors }
func (n notify) close() error                  { return n.w.Close() }

// remove ends a watch. It is no error that the system has ended it already, as
// it does when the directory is gone.
func (n notify) remove(dir string) error {
	if err := n.w.Remove(dir); err != nil && !errors.Is(err, fsnotify.ErrNonExistentWatch) {
		return err
	}
	return nil
}

// opOf translates what counts. A change of mode or owner does not.
func opOf(e fsnotify.Event) op {
	var o op
	if e.Has(fsnotify.Write) {
		o |= opWrite
	}
	if e.Has(fsnotify.Create) {
		o |= opCreate
	}
	if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
		o |= opGone
	}
	return o
}
