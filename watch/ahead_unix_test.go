//go:build unix

package watch

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gcl-tui/watch/internal/files"
)

// ahead is a rig whose test says itself what changes, or may be about to.
type ahead struct {
	*rig
	builds *builds
}

// newAhead runs a program of one file.
func newAhead(t *testing.T, opts Options) *ahead {
	t.Helper()
	a := &ahead{newRig(t, "go.mod", module, "main.go", prints("one"), "other.go", "package main\n"), countBuilds(t)}
	opts.Off = true
	command := "."
	if opts.Build != "" {
		command = "./app"
	}
	a.start(opts, command)
	a.built("one")
	a.watching()
	a.requireBuilds(1)
	a.seen = nil
	return a
}

// step has the loop run f and waits until it has.
func (a *ahead) step(f func(*loop)) {
	a.t.Helper()
	done := make(chan struct{})
	a.w.post(func(l *loop) { f(l); close(done) })
	select {
	case <-done:
	case <-time.After(deadline):
		a.t.Fatal("the loop does not answer")
	}
}

func (a *ahead) paths(names []string) (paths []string) {
	for _, name := range names {
		paths = append(paths, filepath.Join(a.dir, name))
	}
	return paths
}

// hint says that files seem to change; none takes it back.
func (a *ahead) hint(number uint64, names ...string) {
	a.t.Helper()
	a.step(func(l *loop) { l.hinted(files.Hint{Number: number, Paths: a.paths(names)}) })
}

// change says that files have changed, as a hint had it.
func (a *ahead) change(hint uint64, names ...string) {
	a.t.Helper()
	a.step(func(l *loop) { l.changed(files.Change{Hint: hint, Paths: a.paths(names)}) })
}

// idle waits until nothing runs, and requires that no event has come of it.
func (a *ahead) idle() {
	a.t.Helper()
	const often = 5 * time.Millisecond
	tick := time.NewTicker(often)
	defer tick.Stop()
	busy, queued := true, 0
	for rounds := int(deadline / often); busy && rounds > 0; rounds-- {
		<-tick.C
		a.step(func(l *loop) { busy, queued = l.job != nil && l.job.ended == nil, len(l.queue) })
	}
	if busy || queued > 0 {
		a.t.Fatalf("busy: %v, %d events", busy, queued)
	}
}

// tells requires the events that follow, the last of which is a build that
// prints something, or a failure if it is "".
func (a *ahead) tells(prints string, want ...string) {
	a.t.Helper()
	if a.seen = nil; prints == "" {
		next[BuildFailed](a.rig)
	} else {
		a.built(prints)
	}
	if diff := cmp.Diff(want, a.seen); diff != "" {
		a.t.Errorf("events (-want +got)\n%s", diff)
	}
}

func (a *ahead) requireBuilds(want int) {
	a.t.Helper()
	if n := a.builds.count(); n != want {
		a.t.Errorf("%d builds were started, want %d", n, want)
	}
}

// A build that is done when the change has settled, and one that still runs.
func TestBuiltAhead(t *testing.T) {
	a := newAhead(t, Options{})
	a.put("main.go", prints("two"))
	a.hint(1, "main.go")
	a.idle()
	a.change(1, "main.go")
	a.tells("two", "Changed", "BuildStarted", "Built")

	a.put("main.go", prints("three"))
	a.hint(2, "main.go")
	a.change(2, "main.go")
	a.tells("three", "Changed", "BuildStarted", "Built")

	a.put("main.go", "package main\n\nfunc main() { missing() }\n")
	a.hint(3, "main.go")
	a.idle()
	a.change(3, "main.go")
	a.tells("", "Changed", "BuildStarted", "BuildFailed")
	a.requireBuilds(3)
}

// What is built counts for nothing else than the change that it was built for.
func TestBuiltAheadInVain(t *testing.T) {
	a := newAhead(t, Options{})
	for _, c := range []struct {
		text    string
		running bool   // the build ahead runs when the change comes
		hint    uint64 // of the change
	}{
		{"two", false, 0}, {"three", true, 0}, {"four", false, 7}, {"five", true, 7},
	} {
		a.put("main.go", prints("in vain"))
		a.hint(1, "main.go")
		if !c.running {
			a.idle()
		}
		a.put("main.go", prints(c.text))
		a.change(c.hint, "main.go")
		a.tells(c.text, "Changed", "BuildStarted", "Built")
	}
}

// A later hint takes the place of an earlier one, and nothing does if it is
// taken back.
func TestBuiltAheadAnew(t *testing.T) {
	a := newAhead(t, Options{})
	a.put("main.go", prints("in vain"))
	a.hint(1, "main.go")
	a.builds.await()
	a.put("main.go", prints("two"))
	a.hint(2, "main.go")
	a.idle()
	a.requireBuilds(1)
	a.change(2, "main.go")
	a.tells("two", "Changed", "BuildStarted", "Built")
	a.requireBuilds(0)

	a.put("main.go", prints("in vain"))
	a.hint(3, "main.go")
	a.hint(0)
	a.idle()
	a.step(func(l *loop) {
		if l.job != nil || l.ahead.Number != 0 {
			t.Error("what was hinted at is kept")
		}
	})
	a.put("main.go", prints("three"))
	a.change(0, "main.go")
	a.tells("three", "Changed", "BuildStarted", "Built")
}

// While a build runs that is told of, none is made ahead: the one after it is.
func TestBuiltAheadAfterAnother(t *testing.T) {
	a := newAhead(t, Options{})
	a.put("main.go", prints("two"))
	a.change(0, "main.go")
	a.hint(1, "other.go")
	a.tells("two", "Changed", "BuildStarted", "Built")
	a.put("other.go", "package main\n\nfunc init() { println(\"and\") }\n")
	a.hint(2, "other.go")
	a.change(2, "other.go")
	a.tells("and\ntwo", "Changed", "BuildStarted", "Built")
}

// A pause holds for builds ahead, too, also for one that runs or is done.
func TestNotBuiltAheadWhilePaused(t *testing.T) {
	a := newAhead(t, Options{})
	a.put("main.go", prints("two"))
	a.hint(1, "main.go")
	a.idle()
	a.requireBuilds(1)
	a.w.Pause()
	next[Paused](a.rig)
	a.hint(2, "main.go")
	a.change(2, "main.go")
	a.waits(1)
	a.idle()
	a.requireBuilds(0)
	a.w.Resume()
	a.tells("two", "Resumed", "Status", "Changed", "BuildStarted", "Built")
	a.requireBuilds(1)
}

// A program that writes into its source is stopped by the fifth time, built
// ahead or not.
func TestBuiltAheadInALoop(t *testing.T) {
	a := newAhead(t, Options{})
	a.stopClock()
	for _, text := range []string{"1", "2", "3", "4"} {
		a.put("main.go", prints(text))
		a.hint(1, "main.go")
		a.change(1, "main.go")
		a.tells(text, "Changed", "BuildStarted", "Built")
	}
	a.put("main.go", prints("5"))
	a.hint(1, "main.go")
	a.change(1, "main.go")
	if a.seen = nil; next[Paused](a.rig).Why == "" {
		t.Error("it is not said why")
	}
	a.waits(1)
	a.idle()
	if len(a.seen) != 2 {
		t.Errorf("seen %v", a.seen)
	}
}

// A command of the user's does not run for what may yet be another change.
func TestCommandIsNotRunAhead(t *testing.T) {
	a := newAhead(t, Options{Build: "go build -o app ."})
	a.put("main.go", prints("two"))
	a.hint(1, "main.go")
	a.idle()
	a.requireBuilds(0)
	a.change(1, "main.go")
	a.tells("two", "Changed", "BuildStarted", "Built")
	a.requireBuilds(1)
}

// What does not belong to the program is not built, neither ahead.
func TestOthersAreNotBuiltAhead(t *testing.T) {
	a := newAhead(t, Options{Ignore: []string{"other.go"}})
	a.hint(1, "main_test.go", "notes.txt", "other.go")
	a.idle()
	a.requireBuilds(0)
}

// TestSaveIsBuiltAhead: a change that has not settled, and will not for long, is
// built. What asks for a build gets one of its own.
func TestSaveIsBuiltAhead(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	b := countBuilds(t)
	r.start(Options{Debounce: time.Hour}, ".")
	r.built("one")
	b.await()
	r.watching()
	r.put("main.go", prints("two"))
	b.await()
	r.w.Build()
	r.built("two")
	if slices.Contains(r.seen, "Changed") {
		t.Errorf("seen %v", r.seen)
	}
}

// TestOwnBinaryIsNotBuiltAhead: there is nothing to build in one that was built
// by hand.
func TestOwnBinaryIsNotBuiltAhead(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.goBuild("-o", "app", ".")
	b := countBuilds(t)
	r.start(Options{Off: true}, "./app")
	a := &ahead{r, b}
	a.watching()
	a.hint(1, "app")
	a.hint(2, "app", "main.go")
	a.idle()
	a.requireBuilds(0)
	if _, err := os.Stat(filepath.Join(r.dir, "app")); err != nil {
		t.Error(err)
	}
}
