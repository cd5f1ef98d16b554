package watch

import (
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPackageThatIsNotMainAnyMore: go build succeeds, but what it makes cannot run.
func TestPackageThatIsNotMainAnyMore(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.start(Options{}, ".")
	r.built("one")
	r.watching()
	r.put("main.go", "package other\n")
	want := []Problem{{Text: "the package is no program any more: its files must say package main"}}
	if diff := cmp.Diff(want, next[BuildFailed](r).Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	r.put("main.go", prints("two"))
	r.built("two")
}

// TestBuildErrorInC names the file as seen from the working directory, not from the
// package's.
func TestBuildErrorInC(t *testing.T) {
	r := newRig(t, "go.mod", module, "c/c.go", "package c\n", "c/x.c", "", "main.go", "package main\n\nimport _ \"example.com/app/c\"\n\nfunc main() {}\n")
	plan := r.find(Options{}, ".")
	l := &loop{plan: plan, recipe: plan.recipe, listing: plan.recipe.Listing}
	f := l.failure(outcome{err: &exec.ExitError{}, output: "# example.com/app/c\nx.c:1:18: error: expected ;\n"})
	want := []Problem{{File: filepath.Join("c", "x.c"), Line: 1, Column: 18, Text: "expected ;"}}
	if diff := cmp.Diff(want, f.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
