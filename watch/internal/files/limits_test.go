package files

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Where the system lends no more watches, changes are found nevertheless, and
// the advice names what to turn.
func TestLimits(t *testing.T) {
	for errno, advice := range limitNames {
		for _, limit := range []int{0, 1, 5} { // before anything, at the start, in the middle
			t.Run(fmt.Sprint(errno, " after ", limit), func(t *testing.T) {
				for disk, dir := range disks(t) {
					t.Run(disk, func(t *testing.T) {
						f := &fake{limit: limit, err: os.NewSyscallError("inotify", errno)}
						var paths []string
						for i := range 10 {
							paths = append(paths, filepath.Join(dir, fmt.Sprint(i), "f"))
							write(t, paths[i], "x")
						}
						r := start(t, Options{open: f.open}, everything(dir)).known()
						w := r.warning()
						if w.Kind != WarnPolling || !strings.Contains(w.Text, advice) {
							t.Errorf("warning %+v, want one about %s", w, advice)
						}
						if s := r.Stats(); !s.Polling || s.Why != w.Text || s.Files != len(paths) {
							t.Errorf("%+v", s)
						}
						write(t, paths[7], "y")
						r.expect(false, paths[7])
					})
				}
			})
		}
	}
}

// The limit may be reached later, when a directory is created.
func TestLimitReachedLater(t *testing.T) {
	dir := t.TempDir()
	f := &fake{limit: 3, err: errReached}
	path := filepath.Join(dir, "a", "f")
	r := start(t, Options{open: f.open}, everything(dir))
	out := f.out
	write(t, path, "x")
	mkdir(t, filepath.Join(dir, "b"))
	out <- fsnotify.Event{Name: filepath.Join(dir, "a"), Op: fsnotify.Create}
	out <- fsnotify.Event{Name: filepath.Join(dir, "b"), Op: fsnotify.Create}
	if w := r.warning(); w.Kind != WarnPolling {
		t.Errorf("warning %+v", w)
	}
	r.expect(true, path)
	write(t, path, "y")
	r.expect(false, path)
}

func TestOtherErrorOfTheSystem(t *testing.T) {
	broken := errors.New("broken")
	f := &fake{err: broken}
	if _, err := Open(Options{open: f.open}); !errors.Is(err, broken) {
		t.Errorf("Open: %v", err)
	}
}

// Lost events are made up for by a comparison, and the watches begin anew.
func TestOverflow(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			same, other, gone, born := filepath.Join(dir, "a", "same"), filepath.Join(dir, "a", "other"), filepath.Join(dir, "b", "gone"), filepath.Join(dir, "c", "d", "born")
			for _, path := range []string{same, other, gone} {
				write(t, path, "x")
			}
			f := &fake{}
			r := start(t, Options{open: f.open}, everything(dir)).known()
			write(t, same, "x")
			write(t, other, "y")
			must(t, os.RemoveAll(filepath.Dir(gone)))
			write(t, born, "x")
			f.errs <- fsnotify.ErrEventOverflow
			r.expect(true, other, gone, born)
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.opened != 2 || !f.watched[filepath.Dir(born)] || !f.watched[filepath.Dir(same)] || f.watched[filepath.Dir(gone)] {
				t.Errorf("opened %d times, watched %v", f.opened, f.watched)
			}
		})
	}
}

// The owner may be slow: what waits for it is bounded.
func TestPump(t *testing.T) {
	p := newPump()
	for i := range maxQueue {
		p.put(event{fmt.Sprint(i), opWrite})
		p.put(event{fmt.Sprint(i), opWrite})
	}
	if b := p.take(); len(b.events) != maxQueue || b.lost {
		t.Fatalf("%d events, lost %v", len(b.events), b.lost)
	}
	for i := range maxQueue + 2 {
		p.put(event{fmt.Sprint(i), opWrite})
	}
	if b := p.take(); len(b.events) != 0 || !b.lost {
		t.Fatalf("%d events, lost %v", len(b.events), b.lost)
	}
	p.put(event{"after", opWrite})
	if b := p.take(); len(b.events) != 1 || b.lost {
		t.Fatalf("%d events, lost %v", len(b.events), b.lost)
	}
}

// Polling finds the same as events do.
func TestPolling(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			root, sentinel := filepath.Join(dir, "root"), filepath.Join(dir, "root", "z")
			path, linked := filepath.Join(root, "a", "f"), filepath.Join(root, "linked")
			write(t, path, "1")
			write(t, sentinel, "")
			write(t, filepath.Join(dir, "target"), "1")
			link(t, "../target", linked)
			r := start(t, Options{Poll: true}, everything(root)).known()
			if s := r.Stats(); !s.Polling || s.Why == "" {
				t.Errorf("%+v", s)
			}
			write(t, path, "2")
			r.expect(false, path)
			write(t, path, "2")
			r.nothingBut(sentinel)
			write(t, filepath.Join(dir, "target"), "2")
			r.expect(false, linked)
			must(t, os.RemoveAll(filepath.Join(root, "a")))
			r.expect(true, path)
			must(t, os.Rename(root, root+"2"))
			r.expect(true, linked, sentinel)
			must(t, os.Rename(root+"2", root))
			r.expect(true, linked, sentinel)
		})
	}
}

// A second write within the resolution of the file system's clock, of the same
// length, is found by its content.
func TestPollingWithinATick(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	write(t, path, "1")
	r := start(t, Options{Poll: true}, everything(dir)).known()
	fi, err := os.Stat(path)
	must(t, err)
	write(t, path, "2")
	must(t, os.Chtimes(path, time.Time{}, fi.ModTime()))
	r.expect(false, path)
}
