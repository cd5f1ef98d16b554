//go:build unix

package watch

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// builds tells of the builds that are in fact started: a go command comes before
// the real one on PATH and writes a line for each into a pipe.
type builds struct {
	t     *testing.T
	pipe  *os.File
	lines *bufio.Scanner
}

func countBuilds(t *testing.T) *builds {
	t.Helper()
	command, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	fifo := filepath.Join(dir, "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	pipe, err := os.OpenFile(fifo, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pipe.Close() })
	script := fmt.Sprintf("#!/bin/sh\n[ \"$1\" != build ] || echo build >%q\nexec %q \"$@\"\n", fifo, command)
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
	return &builds{t, pipe, bufio.NewScanner(pipe)}
}

// await waits until a build is started.
func (b *builds) await() {
	b.t.Helper()
	if err := b.pipe.SetReadDeadline(time.Now().Add(deadline)); err != nil {
		b.t.Fatal(err)
	}
	if !b.lines.Scan() {
		b.t.Fatalf("no build was started: %v", b.lines.Err())
	}
}

// count returns how many builds were started since it was asked last.
func (b *builds) count() (n int) {
	b.t.Helper()
	if _, err := b.pipe.WriteString("end\n"); err != nil {
		b.t.Fatal(err)
	}
	for b.await(); b.lines.Text() != "end"; b.await() {
		n++
	}
	return n
}
