package files

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	flag.Parse()
	// The tests wait far more than they work.
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	goleak.VerifyTestMain(m)
}

// deadline ends a test that hangs.
const deadline = time.Minute

// disks makes an empty directory on each kind of file system at hand, that of
// temporary files and memory, and returns them by what they are on.
func disks(t *testing.T) map[string]string {
	t.Helper()
	t.Parallel()
	dirs := map[string]string{}
	for name, parent := range fileSystems() {
		dir, err := os.MkdirTemp(parent, "files-test-") //nolint:usetesting // t.TempDir is on one only
		must(t, err)
		dirs[name], err = filepath.EvalSymlinks(dir)
		must(t, err)
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
	}
	return dirs
}

// rig is a watcher under test.
type rig struct {
	*Watcher
	t      *testing.T
	hashed chan struct{} // has a value when the background is done with what there was
	bursts chan struct{} // has a value for each burst that settled
	waits  atomic.Bool   // the test waits for something
	round  int
}

// patient is a debounce that leaves events the time to arrive on a machine that is
// busy with other tests. What the usual one does is tested in bubbles.
const patient = 300 * time.Millisecond

// never is for tests in which bursts may settle at any time: those that do so by
// another clock, and those that take changes in any number of pieces.
func never() bool { return false }

func start(t *testing.T, o Options, s Scope) *rig {
	t.Helper()
	if o.open == nil && o.Debounce == 0 {
		o.Debounce = patient
	}
	r := &rig{t: t, hashed: make(chan struct{}, 1), bursts: make(chan struct{}, 100)}
	if o.busy == nil { // all that a test does up to its next wait is one burst
		o.busy = func() bool { return !r.waits.Load() }
	}
	o.settled = func() { r.bursts <- struct{}{} }
	o.idle = func() {
		select {
		case r.hashed <- struct{}{}:
		default:
		}
	}
	w, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	r.Watcher = w
	t.Cleanup(func() { _ = w.Close() })
	r.watch(s)
	return r
}

// watch takes over a scope.
func (r *rig) watch(s Scope) {
	r.t.Helper()
	if err := r.Watch(s); err != nil {
		r.t.Fatal(err)
	}
}

// known waits until the content of what there is is known.
func (r *rig) known() *rig {
	r.t.Helper()
	select {
	case <-r.hashed:
	case <-time.After(deadline):
		r.t.Fatal("the files were not read in the background")
	}
	return r
}

// waiting lets bursts settle until the returned function is called.
func (r *rig) waiting() (over func()) {
	r.waits.Store(true)
	return func() { r.waits.Store(false) }
}

// settled does something and waits until its burst has settled.
func (r *rig) settled(do func()) {
	r.t.Helper()
	for len(r.bursts) > 0 {
		<-r.bursts
	}
	do()
	defer r.waiting()()
	select {
	case <-r.bursts:
	case <-time.After(deadline):
		r.t.Fatal("the burst did not settle")
	}
}

// next returns the next change.
func (r *rig) next() Change {
	r.t.Helper()
	defer r.waiting()()
	select {
	case c := <-r.Changes():
		return c
	case w := <-r.Warnings():
		r.t.Fatalf("warning instead of a change: %+v", w)
	case <-time.After(deadline):
		r.t.Fatal("no change came")
	}
	panic("not reached")
}

// expect checks that the next change is of paths and nothing else. It may come in
// pieces: on a busy machine what a test does can take longer than a burst takes to
// settle.
func (r *rig) expect(structure bool, paths ...string) {
	r.t.Helper()
	slices.Sort(paths)
	missing := func(c Change) bool {
		return slices.ContainsFunc(paths, func(p string) bool { return !slices.Contains(c.Paths, p) })
	}
	got := r.next()
	for missing(got) && !slices.ContainsFunc(got.Paths, func(p string) bool { return !slices.Contains(paths, p) }) {
		piece := r.next()
		got.Structure = got.Structure || piece.Structure
		got.Paths = append(got.Paths, piece.Paths...)
		slices.Sort(got.Paths)
		got.Paths = slices.Compact(got.Paths)
	}
	got.Hint = 0 // see early_test.go
	if diff := cmp.Diff(Change{Paths: paths, Structure: structure, Began: got.Began}, got); diff != "" {
		r.t.Fatalf("(-want +got)\n%s", diff)
	}
}

// nothingBut proves that what happened before was no change: a change of a file
// that counts follows, and is all that the next Change has.
func (r *rig) nothingBut(sentinel string) {
	r.t.Helper()
	r.round++
	write(r.t, sentinel, "sentinel "+strconv.Itoa(r.round))
	r.expect(false, sentinel)
}

// warning returns the next warning.
func (r *rig) warning() Warning {
	r.t.Helper()
	defer r.waiting()()
	select {
	case w := <-r.Warnings():
		return w
	case <-time.After(deadline):
		r.t.Fatal("no warning came")
	}
	panic("not reached")
}

// tree is a scope of everything in a directory.
func everything(dir string) Scope { return Scope{Trees: []Tree{{Dir: dir, Recursive: true}}} }

// write writes a file as most editors do: in place. It makes the directories on
// the way.
func write(tb testing.TB, path, text string) {
	tb.Helper()
	mkdir(tb, filepath.Dir(path))
	must(tb, os.WriteFile(path, []byte(text), 0o644))
}

func mkdir(tb testing.TB, path string) {
	tb.Helper()
	must(tb, os.MkdirAll(path, 0o755))
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
