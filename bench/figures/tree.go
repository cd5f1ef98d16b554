package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// The tree that is watched, and how much of it git knows.
const (
	treeDirs     = 5000
	treeFiles    = 10 // in each directory
	treeVersions = 1000
)

const (
	treeRuns = 5                // each reads the whole tree
	treeIdle = 10 * time.Second // how long the idle watcher is looked at
)

// measureTree takes what watching a large tree costs, in a process that does
// nothing else: the time from its start until every change is noticed, its memory
// once it has read all files, its CPU time when nothing happens. Then git checks
// out another version of 1,000 files.
func measureTree(ctx context.Context, b *bench) error {
	dir, err := os.MkdirTemp("", "figures-tree-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := makeTree(ctx, dir); err != nil {
		return err
	}
	var ready series
	for range min(b.runs, treeRuns) {
		h, took, err := b.startTree(ctx, dir)
		if err != nil {
			return err
		}
		h.stop()
		ready = append(ready, took)
	}
	b.row(fmt.Sprintf("%d files in %d directories, start to watched", treeDirs*treeFiles, treeDirs), ready)
	h, _, err := b.startTree(ctx, dir)
	if err != nil {
		return err
	}
	defer h.stop()
	if err := b.treeAtRest(ctx, h.cmd.Process.Pid); err != nil {
		return err
	}
	return b.treeCheckout(ctx, h, dir)
}

// startTree starts a watcher and says how long it took until it watched.
func (b *bench) startTree(ctx context.Context, dir string) (*headless, time.Duration, error) {
	cmd := exec.Command(b.worker, watchRole, dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	h := &headless{cmd: cmd, events: make(chan event, 4096), seen: map[string]int{}}
	go h.read(out)
	e, err := h.await(ctx, func(e event) bool { return e.Event == "watched" })
	if err != nil {
		h.stop()
		return nil, 0, err
	}
	return h, e.Time.Sub(began), nil
}

// treeAtRest takes memory and CPU time of a watcher that has nothing to do.
func (b *bench) treeAtRest(ctx context.Context, pid int) error {
	before, err := atRest(ctx, pid)
	if err != nil {
		return err
	}
	m, err := memoryOf(pid)
	if err != nil {
		return err
	}
	if err := pause(ctx, min(b.idle, treeIdle)); err != nil {
		return err
	}
	after, err := cpuTime(pid)
	if err != nil {
		return err
	}
	b.fact("  memory (RSS)", mebibytes(m.resident))
	b.fact("  of which its own pages", mebibytes(m.anonymous))
	b.fact(fmt.Sprintf("  CPU time of %v when nothing happens", min(b.idle, treeIdle)), (after - before).String())
	return nil
}

// atRest waits until a process has used no CPU time for a while, as when it has
// read all files, and returns what it has used.
func atRest(ctx context.Context, pid int) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for used := time.Duration(-1); ; {
		now, err := cpuTime(pid)
		if err != nil || now == used {
			return now, err
		}
		used = now
		if err := pause(ctx, 2*time.Second); err != nil {
			return 0, fmt.Errorf("wait until process %d has nothing to do: %w", pid, err)
		}
	}
}

// treeCheckout counts the changes that a checkout makes, up to that of a file
// written after it.
func (b *bench) treeCheckout(ctx context.Context, h *headless, dir string) error {
	if err := gitIn(ctx, dir, "checkout", "-q", "other"); err != nil {
		return err
	}
	changed := func(e event) bool { return e.Event == "changed" }
	e, err := h.await(ctx, changed)
	if err != nil {
		return err
	}
	sizes := []string{e.Text}
	last := filepath.Join(dir, "last")
	if err := os.WriteFile(last, []byte("written after the checkout"), 0o600); err != nil {
		return err
	}
	for e.Line != "last" {
		if e, err = h.await(ctx, changed); err != nil {
			return err
		}
		if e.Line != "last" {
			sizes = append(sizes, e.Text)
		}
	}
	b.fact(fmt.Sprintf("a checkout of %d files, changes", treeVersions), strconv.Itoa(len(sizes)))
	b.fact("  files in them", strings.Join(sizes, " + "))
	return nil
}

// makeTree makes the tree, with a repository that has two versions of some of it.
func makeTree(ctx context.Context, dir string) error {
	text := strings.Repeat("def f(x): return x + 1\n", 40)
	var versioned []string
	for i := range treeDirs {
		sub := filepath.Join("p"+strconv.Itoa(i/500), "q"+strconv.Itoa(i/20), "d"+strconv.Itoa(i))
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return err
		}
		for j := range treeFiles {
			path := filepath.Join(sub, fmt.Sprintf("module_%d.py", j))
			if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o600); err != nil {
				return err
			}
			if len(versioned) < treeVersions {
				versioned = append(versioned, path)
			}
		}
	}
	return commitTwice(ctx, dir, versioned)
}

func commitTwice(ctx context.Context, dir string, paths []string) error {
	if err := gitIn(ctx, dir, "init", "-q", "-b", "main"); err != nil {
		return err
	}
	for _, branch := range []string{"one", "other"} {
		for _, path := range paths {
			if err := os.WriteFile(filepath.Join(dir, path), []byte("# "+branch+"\n"), 0o600); err != nil {
				return err
			}
		}
		for _, args := range [][]string{
			{"checkout", "-q", "-b", branch},
			append([]string{"add"}, paths...),
			{"commit", "-q", "-m", branch},
		} {
			if err := gitIn(ctx, dir, args...); err != nil {
				return err
			}
		}
	}
	return gitIn(ctx, dir, "checkout", "-q", "one")
}

// gitIn runs git with nobody's settings.
func gitIn(ctx context.Context, dir string, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-c", "user.name=figures", "-c", "user.email=figures@example.com"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("git %s: %w\n%s", args[0], err, out)
	}
	return nil
}

// say writes a line as the headless program does.
func say(e event) {
	line, err := json.Marshal(e)
	if err == nil {
		fmt.Println(string(line))
	}
}
