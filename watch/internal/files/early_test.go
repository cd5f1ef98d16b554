package files

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hint requires the next hint. Number 0 is one that is taken back.
func (r *rig) hint(number uint64, paths ...string) {
	r.t.Helper()
	select {
	case h := <-r.Hints():
		if diff := cmp.Diff(Hint{number, paths}, h); diff != "" {
			r.t.Fatalf("hint (-want +got)\n%s", diff)
		}
	case c := <-r.Changes():
		r.t.Fatalf("change instead of a hint: %+v", c)
	case <-time.After(deadline):
		r.t.Fatal("no hint came")
	}
}

// proved requires the next change to be the one that was hinted at.
func (r *rig) proved(number uint64, paths ...string) {
	r.t.Helper()
	select {
	case c := <-r.Changes():
		if diff := cmp.Diff(Change{Paths: paths, Hint: number, Began: c.Began}, c); diff != "" {
			r.t.Fatalf("change (-want +got)\n%s", diff)
		}
	case h := <-r.Hints():
		r.t.Fatalf("hint instead of a change: %+v", h)
	case <-time.After(deadline):
		r.t.Fatal("no change came")
	}
}

// save writes a file, at another time than before, and tells of it.
func (r *rig) save(f *fake, path, text string) {
	r.t.Helper()
	write(r.t, path, text)
	r.round++
	must(r.t, os.Chtimes(path, time.Time{}, time.Unix(int64(r.round), 0)))
	f.write(path)
}

func TestHint(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		for number := uint64(1); number < 4; number++ {
			began := time.Now()
			r.save(f, path, "new "+strconv.Itoa(int(number)))
			r.hint(number, path)
			if took := time.Since(began); took != earlyQuiet {
				r.t.Errorf("hinted at after %v", took)
			}
			r.proved(number, path)
			if took := time.Since(began); took != 100*time.Millisecond {
				r.t.Errorf("given after %v", took)
			}
		}
	})
}

// Files are not read more often than they must be for who asked for no hints.
func TestNoHintUnasked(t *testing.T) {
	inBubble(t, Options{}, func(r *rig, f *fake, path string) {
		r.save(f, path, "one")
		r.proved(0, path)
	})
}

// Nobody has to read the hints, and none comes once its change is given.
func TestHintUnread(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		r.save(f, path, "new")
		<-time.After(time.Second)
		synctest.Wait()
		select {
		case h := <-r.Hints():
			r.t.Errorf("hint %+v", h)
		default:
		}
		r.proved(1, path)
	})
}

// What is written after a hint is another change, even if it is as long, or the
// same: who read the file in between may have read a part of it.
func TestHintIsOutdated(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		r.save(f, path, "one")
		r.hint(1, path)
		r.save(f, path, "two")
		r.hint(2, path)
		r.save(f, path, "two")
		r.hint(3, path)
		r.proved(3, path)
	})
}

// An event that says nothing new, as one that comes late, changes nothing.
func TestHintStands(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		r.save(f, path, "one")
		r.hint(1, path)
		f.write(path)
		r.proved(1, path)
	})
}

func TestHintOfAnotherFile(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		other := path + "2"
		r.save(f, path, "one")
		r.hint(1, path)
		r.save(f, other, "one")
		r.hint(2, path, other)
		c := <-r.Changes()
		if c.Hint != 2 || !c.Structure {
			r.t.Errorf("changed %+v", c)
		}
		must(r.t, os.Remove(other))
		f.gone(other)
		r.hint(3, other)
		if c := <-r.Changes(); c.Hint != 3 || !c.Structure {
			r.t.Errorf("changed %+v", c)
		}
	})
}

// What is taken back was nothing, and what is no change is not hinted at.
func TestHintIsTakenBack(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		r.save(f, path, "0")
		<-time.After(time.Minute)
		r.save(f, path, "1")
		r.hint(1, path)
		r.save(f, path, "0")
		r.hint(0)
		<-time.After(time.Minute)
		r.save(f, path, "2")
		r.hint(2, path)
		r.proved(2, path)
	})
}

// A burst that goes on is not hinted at again and again.
func TestHintsAreFew(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		for round := range uint64(2) {
			for i := range uint64(maxLooks) {
				r.save(f, path, fmt.Sprint("new ", round, i))
				r.hint(round*maxLooks+i+1, path)
			}
			for i := range 3 {
				r.save(f, path, fmt.Sprint("more ", round, i))
				if i == 0 {
					r.hint(0)
				}
				<-time.After(2 * earlyQuiet)
			}
			r.proved(0, path)
		}
	})
}

// Many files are no save.
func TestNoHintOfMany(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		r.save(f, path, "1")
		r.hint(1, path)
		for i := range checkout {
			r.save(f, path+strconv.Itoa(i), "1")
		}
		r.hint(0)
		if c := <-r.Changes(); c.Hint != 0 || len(c.Paths) != checkout+1 {
			r.t.Errorf("changed %+v", c)
		}
	})
}

// Nothing is hinted at while git is at work, and what was is taken back.
func TestNoHintWhileHeld(t *testing.T) {
	inBubble(t, Options{Hints: true}, func(r *rig, f *fake, path string) {
		lock := filepath.Join(filepath.Dir(path), ".git", indexLock)
		write(r.t, lock, "")
		r.save(f, path, "1")
		r.warned(WarnHeld)
		must(r.t, os.Remove(lock))
		r.warned(WarnResumed)
		r.hint(1, path) // git is done, though it may go on
		r.proved(1, path)
		r.save(f, path, "2")
		r.hint(2, path)
		write(r.t, lock, "")
		r.warned(WarnHeld)
		r.hint(0)
	})
}
