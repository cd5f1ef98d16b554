package watch

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// deadline bounds each wait. A build that begins with an empty cache takes long.
const deadline = time.Minute

// rig is a directory with a program's source, and what watches it.
type rig struct {
	t    *testing.T
	dir  string
	w    *Watcher
	seen []string
	// served is since when the newest program serves, in nanoseconds.
	served atomic.Int64
}

func (r *rig) serving() time.Time { return time.Unix(0, r.served.Load()) }

// newRig makes a directory with files: name, content, name, content…
func newRig(t *testing.T, files ...string) *rig {
	t.Helper()
	cache := t.TempDir()
	// The build cache stays the usual one: an empty one would cost seconds.
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(goCache)))
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("LocalAppData", cache)
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOENV", "off") // what go env -w has set
	t.Setenv("GOPROXY", "off")
	t.Setenv("CGO_ENABLED", "0")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, dir: filepath.Join(dir, "app")} // ../ is the test's own, too
	if err := os.Mkdir(r.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(files); i += 2 {
		r.put(files[i], files[i+1])
	}
	return r
}

// put writes a file as an editor does: beside it, then renamed.
func (r *rig) put(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path+"~", []byte(text), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Rename(path+"~", path); err != nil {
		r.t.Fatal(err)
	}
}

// find returns the plan of a command line.
func (r *rig) find(opts Options, command string, args ...string) *Plan {
	r.t.Helper()
	p, err := Find(r.t.Context(), Command{Path: command, Args: args, Dir: r.dir}, opts)
	if err != nil {
		r.t.Fatal(err)
	}
	return p
}

// start starts watching. The watching has begun when it returns.
func (r *rig) start(opts Options, command string, args ...string) {
	r.t.Helper()
	w, err := r.find(opts, command, args...).Start(r.t.Context(), r.serving)
	if err != nil {
		r.t.Fatal(err)
	}
	r.w = w
	r.t.Cleanup(func() {
		if err := w.Close(); err != nil {
			r.t.Error(err)
		}
	})
}

// next returns the next event of type E; those before it are noted in seen.
func next[E Event](r *rig) E {
	r.t.Helper()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for {
		select {
		case e, ok := <-r.w.Events():
			if !ok {
				r.t.Fatalf("the watcher ended; seen: %v", r.seen)
			}
			r.seen = append(r.seen, strings.TrimPrefix(reflect.TypeOf(e).String(), "watch."))
			if e, ok := e.(E); ok {
				return e
			}
			if failed, ok := e.(BuildFailed); ok {
				r.t.Logf("build failed: %s", failed.Output)
			}
		case <-timeout.C:
			var e E
			r.t.Fatalf("no %T in %v; seen: %v", e, deadline, r.seen)
		}
	}
}

// waits waits until it is said that so many changed files wait.
func (r *rig) waits(files int) {
	r.t.Helper()
	for next[Status](r).Waiting != files {
	}
}

// watching waits until the files are watched.
func (r *rig) watching() {
	r.t.Helper()
	if !slices.Contains(r.seen, "Status") {
		next[Status](r)
	}
}

// stopClock has all changes count as quick, however busy the machine is.
func (r *rig) stopClock() {
	now := time.Now()
	r.w.post(func(l *loop) { l.now = func() time.Time { return now } })
}

// run runs a program and returns what it prints.
func (r *rig) run(p Program) string {
	r.t.Helper()
	cmd := exec.Command(p.Path, p.Args...)
	cmd.Dir = r.dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("run %s: %v: %s", p.Path, err, out)
	}
	return strings.TrimSpace(string(out))
}

// built waits for the next build and requires what it prints.
func (r *rig) built(want string) Built {
	r.t.Helper()
	b := next[Built](r)
	if got := r.run(b.Program); got != want {
		r.t.Fatalf("it printed %q, want %q; seen: %v", got, want, r.seen)
	}
	return b
}

// prints returns a program that prints a text.
func prints(text string) string {
	return "package main\n\nfunc main() { println(\"" + text + "\") }\n"
}

const module = "module example.com/app\n\ngo 1.26\n"
