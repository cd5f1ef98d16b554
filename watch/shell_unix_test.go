//go:build unix

package watch

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
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
