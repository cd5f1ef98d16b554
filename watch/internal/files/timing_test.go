package files

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

// inBubble runs a test with a clock of its own, a made-up backend, and one file
// that counts.
func inBubble(t *testing.T, o Options, test func(r *rig, f *fake, path string)) {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	write(t, path, "0")
	synctest.Test(t, func(t *testing.T) {
		f := &fake{}
		o.open, o.busy = f.open, never
		r := start(t, o, everything(dir))
		synctest.Wait()
		test(r, f, path)
	})
}

// The last event counts, to the millisecond.
func TestTrailingEdge(t *testing.T) {
	inBubble(t, Options{}, func(r *rig, f *fake, path string) {
		for i := range 5 {
			<-time.After(90 * time.Millisecond) // by the bubble's clock
			write(r.t, path, "new "+strconv.Itoa(i))
			f.write(path)
		}
		began := time.Now()
		r.expect(false, path)
		if took := time.Since(began); took != 100*time.Millisecond {
			r.t.Errorf("given after %v", took)
		}
	})
}

// A burst that does not end is given nevertheless, and the rest of it later.
func TestLongBurst(t *testing.T) {
	inBubble(t, Options{}, func(r *rig, f *fake, path string) {
		began := time.Now()
		go func() {
			for i := range 80 { // the last at 2,370 ms
				write(r.t, path, "new "+strconv.Itoa(i))
				f.write(path)
				<-time.After(30 * time.Millisecond)
			}
		}()
		for _, want := range []int64{1000, 1020 + 1000, 2370 + 100} {
			r.expect(false, path)
			if took := time.Since(began); took.Milliseconds() != want {
				r.t.Errorf("given after %v, want %v ms", took, want)
			}
		}
	})
}

func TestOptionsOfTime(t *testing.T) {
	inBubble(t, Options{Debounce: 7 * time.Second, MaxWait: 10 * time.Second}, func(r *rig, f *fake, path string) {
		began := time.Now()
		write(r.t, path, "new")
		f.write(path)
		r.expect(false, path)
		if took := time.Since(began); took != 7*time.Second {
			r.t.Errorf("given after %v", took)
		}
	})
}

// Events without a change extend a burst, and make none.
func TestNoChangeNoBurst(t *testing.T) {
	inBubble(t, Options{}, func(r *rig, f *fake, path string) {
		f.write(path)
		f.out <- fsnotify.Event{Name: path, Op: fsnotify.Chmod}
		f.write(path + "~")
		<-time.After(time.Minute)
		synctest.Wait()
		select {
		case c := <-r.Changes():
			r.t.Errorf("changed %+v", c)
		default:
		}
	})
}

// A lock that a dead git left behind holds for ten seconds, not for ever, and
// only once.
func TestLockLeftBehind(t *testing.T) {
	inBubble(t, Options{}, func(r *rig, f *fake, path string) {
		lock := filepath.Join(filepath.Dir(path), ".git", indexLock)
		write(r.t, lock, "")
		began := time.Now()
		write(r.t, path, "new")
		f.write(path)
		r.warned(WarnHeld)
		r.warned(WarnStaleLock)
		r.warned(WarnResumed)
		r.expect(false, path)
		if took := time.Since(began); took < staleLock || took > staleLock+time.Second {
			r.t.Errorf("given after %v", took)
		}
		write(r.t, path, "newer")
		f.write(path)
		r.expect(false, path)
		// Another lock is another matter.
		mkdir(r.t, filepath.Dir(lock))
		write(r.t, lock, "once more")
		write(r.t, path, "newest")
		f.write(path)
		r.warned(WarnHeld)
	})
}

// When git is done, what it does next may come at once: only quiet ends a hold.
func TestQuietAfterHold(t *testing.T) {
	inBubble(t, Options{}, func(r *rig, f *fake, path string) {
		lock := filepath.Join(filepath.Dir(path), ".git", indexLock)
		write(r.t, lock, "")
		write(r.t, path, "new")
		f.write(path)
		r.warned(WarnHeld)
		must(r.t, os.Remove(lock))
		r.warned(WarnResumed)
		began := time.Now()
		r.expect(false, path)
		if took := time.Since(began); took != 100*time.Millisecond {
			r.t.Errorf("given %v after git was done", took)
		}
	})
}

// After a checkout everything is compared: the events of a part of it are enough
// to know all of it, and the others, when they come late, say nothing new.
func TestLateEventsOfCheckout(t *testing.T) {
	dir := t.TempDir()
	paths := aRepo(t, dir, 100)
	f := &fake{}
	r := start(t, Options{MaxWait: deadline, open: f.open}, everything(dir)).known()
	git(t, dir, "checkout", "-q", "other")
	for _, path := range paths[:checkout] {
		f.write(path)
	}
	r.expect(false, paths...)
	for _, path := range paths {
		f.write(path)
	}
	sentinel := filepath.Join(dir, "z")
	write(t, sentinel, "x")
	f.out <- fsnotify.Event{Name: sentinel, Op: fsnotify.Create}
	r.expect(true, sentinel)
}

func TestDebounce(t *testing.T) {
	d := debounce{quiet: 100, limit: 1000}
	at := func(n int64) time.Time { return time.Unix(0, n) }
	if _, ok := d.due(); ok {
		t.Error("due without an event")
	}
	for _, c := range []struct{ touch, due int64 }{{10, 110}, {60, 160}, {50, 160}, {900, 1000}, {990, 1010}} {
		d.touch(at(c.touch))
		if due, ok := d.due(); !ok || due != at(c.due) {
			t.Errorf("touched at %d, due at %v, want %d", c.touch, due.UnixNano(), c.due)
		}
	}
	d.restart(at(2000))
	if due, _ := d.due(); due != at(2100) {
		t.Errorf("due at %v", due.UnixNano())
	}
	d.clear()
	if _, ok := d.due(); ok {
		t.Error("due after the end")
	}
}
