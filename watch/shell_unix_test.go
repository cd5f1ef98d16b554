//go:build unix

package watch

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNewerChangeCancelsBuild: a build that would take for ever, with children,
// is killed as a whole when the next change comes, and then the next one runs.
func TestNewerChangeCancelsBuild(t *testing.T) {
	r := newRig(t, "input", "fast", "run.sh", "#!/bin/sh\ncat output\n",
		".gitignore", "output\nheld\n",
		"build.sh", `if [ "$(cat input)" = slow ]; then
	exec 3>held
	(sleep 1000; :) &
	sleep 1000
fi
cp input output
`)
	held := filepath.Join(r.dir, "held")
	if err := syscall.Mkfifo(held, 0o600); err != nil {
		t.Fatal(err)
	}
	r.start(Options{Build: "sh build.sh"}, "./run.sh")
	r.built("fast")
	r.watching()
	r.put("input", "slow")
	next[BuildStarted](r)
	f, err := os.Open(held) // waits until the build has opened it
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r.put("input", "third")
	b := r.built("third")
	if len(b.Cause) != 1 || b.Cause[0] != "input" {
		t.Errorf("cause %q", b.Cause)
	}
	if _, err := io.ReadAll(f); err != nil { // ends when all that hold it are dead
		t.Error(err)
	}
}

// TestBuildCommand makes a Go binary that does not exist at the start. What runs
// is a copy; the binary itself is no source.
func TestBuildCommand(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.start(Options{Build: "go build -o bin/server ."}, "./bin/server")
	first := r.built("one")
	if first.Program.InPlace || first.Program.Path == filepath.Join(r.dir, "bin/server") {
		t.Errorf("program %+v", first.Program)
	}
	r.watching()
	r.put("main.go", "package main\n\nfunc main() { missing() }\n")
	failed := next[BuildFailed](r)
	if len(failed.Problems) != 1 || failed.Problems[0].File != "main.go" || failed.Problems[0].Line != 3 {
		t.Errorf("problems %+v", failed.Problems)
	}
	r.put("main.go", prints("two"))
	r.built("two")
	if got := r.run(first.Program); got != "one" {
		t.Errorf("the first prints %q", got)
	}
}

// TestBuildCommandMakesNothing: it succeeded, but there is nothing to run.
func TestBuildCommandMakesNothing(t *testing.T) {
	r := newRig(t, "input", "")
	r.start(Options{Build: "echo building"}, "./server")
	failed := next[BuildFailed](r)
	const want = "the build succeeded, but ./server does not exist: check the path"
	if len(failed.Problems) != 1 || failed.Problems[0].Text != want || failed.Output != "building\n\n"+want+"\n" {
		t.Errorf("%+v", failed)
	}
}

// TestBuildWritesWhatIsWatched: a build that changes a file each time, also one of
// code, starts the next for ever, although nothing new to run comes of it.
func TestBuildWritesWhatIsWatched(t *testing.T) {
	for _, file := range []string{"stamp.txt", "stamp.go"} {
		t.Run(file, func(t *testing.T) {
			r := newRig(t, "go.mod", module, "main.go", prints("one"), file, "package main\n")
			r.start(Options{Build: "go build -o bin/server . && echo >> " + file}, "./bin/server")
			r.built("one")
			r.served.Store(time.Now().UnixNano())
			r.watching()
			r.stopClock()
			r.put("main.go", prints("one")+"\n")
			if p := next[Paused](r); !strings.Contains(p.Why, file+" changed") {
				t.Errorf("why: %q", p.Why)
			}
			if n := len(r.seen); n > 100 {
				t.Errorf("seen %d events", n)
			}
		})
	}
}

// TestSavedWithoutResult: what a failing build did not write, somebody did.
func TestSavedWithoutResult(t *testing.T) {
	r := newRig(t, "input", "")
	r.start(Options{Build: "exit 1"}, "./server")
	next[BuildFailed](r)
	r.watching()
	r.stopClock()
	for i := range 10 {
		r.put("input", strings.Repeat("x", i+1))
		next[BuildFailed](r)
	}
	if slices.Contains(r.seen, "Paused") {
		t.Errorf("seen %v", r.seen)
	}
}

// TestBuildCommandLeavesNothing: a go build that a command runs works where what
// is left of it is removed.
func TestBuildCommandLeavesNothing(t *testing.T) {
	r := newRig(t)
	t.Setenv("GOTMPDIR", "")
	os.Unsetenv("GOTMPDIR") //nolint:errcheck // restored by Setenv
	r.start(Options{Build: `printf '#!/bin/sh\necho %s\n' "$GOTMPDIR" > run.sh && chmod +x run.sh`}, "./run.sh")
	if got := r.run(next[Built](r).Program); !strings.HasPrefix(got, os.Getenv("XDG_CACHE_HOME")) {
		t.Errorf("GOTMPDIR=%q", got)
	}
}
