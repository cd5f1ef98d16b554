//go:build unix

package build

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRun(t *testing.T) {
	dir := t.TempDir()
	r := Run(t.Context(), Job{Argv: Shell("echo out; echo err >&2; pwd; echo $X; exit 3"), Dir: dir, Env: []string{"X=y"}})
	resolved, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Replace(r.Output, resolved, dir, 1); got != "out\nerr\n"+dir+"\ny\n" {
		t.Errorf("output %q", r.Output)
	}
	var exit *exec.ExitError
	if !errors.As(r.Err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("error %v", r.Err)
	}
	if r := Run(t.Context(), Job{Argv: Shell("true")}); r.Err != nil {
		t.Errorf("success: %v", r.Err)
	}
	if r := Run(t.Context(), Job{Argv: []string{filepath.Join(dir, "nothing")}}); !errors.Is(r.Err, os.ErrNotExist) {
		t.Errorf("a program that is not there: %v", r.Err)
	}
	gone := filepath.Join(dir, "gone")
	if r := Run(t.Context(), Job{Argv: Shell("true"), Dir: gone}); r.Err == nil || !strings.Contains(r.Err.Error(), gone) {
		t.Errorf("a directory that is not there: %v", r.Err)
	}
}

// held is a FIFO that the processes of a test hold open: its end is reached
// when all of them are dead.
type held struct {
	t    *testing.T
	path string
}

func newHeld(t *testing.T) held {
	t.Helper()
	h := held{t, filepath.Join(t.TempDir(), "held")}
	if err := syscall.Mkfifo(h.path, 0o600); err != nil {
		t.Fatal(err)
	}
	return h
}

// open waits for the first process that holds it.
func (h held) open() *os.File {
	f, err := os.Open(h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { f.Close() })
	return f
}

// TestCancelKillsGroup: the shell, its child and its grandchild.
func TestCancelKillsGroup(t *testing.T) {
	h := newHeld(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan Result, 1)
	go func() {
		done <- Run(ctx, Job{Argv: Shell("exec 3>" + h.path + "; (sleep 1000; :) & sleep 1000; :")})
	}()
	f := h.open()
	cancel()
	if r := <-done; !errors.Is(r.Err, context.Canceled) {
		t.Errorf("error %v", r.Err)
	}
	if _, err := io.ReadAll(f); err != nil { // ends when all are dead
		t.Error(err)
	}
}

// TestNothingIsLeft: what a build leaves in the background ends with it, and it
// does not hold the build up.
func TestNothingIsLeft(t *testing.T) {
	h := newHeld(t)
	done := make(chan Result, 1)
	go func() { done <- Run(t.Context(), Job{Argv: Shell("exec 3>" + h.path + "; sleep 1000 & echo built")}) }()
	f := h.open()
	if r := <-done; r.Err != nil || r.Output != "built\n" {
		t.Errorf("%+v", r)
	}
	if _, err := io.ReadAll(f); err != nil {
		t.Error(err)
	}
}

func TestOutputIsBounded(t *testing.T) {
	r := Run(t.Context(), Job{Argv: Shell("i=0; while [ $i -lt 3000 ]; do echo $i.........1.........2.........3.........4.........5; i=$((i+1)); done; echo end")})
	if r.Err != nil || len(r.Output) > tailSize || len(r.Output) < tailSize/2 {
		t.Errorf("%d bytes, %v", len(r.Output), r.Err)
	}
	if !strings.HasSuffix(r.Output, "\nend\n") || !strings.HasSuffix(strings.SplitN(r.Output, "\n", 2)[0], ".....5") {
		t.Errorf("from %.80q to %q", r.Output, r.Output[len(r.Output)-80:])
	}
}
