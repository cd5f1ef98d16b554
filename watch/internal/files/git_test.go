package files

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// git runs git, which must succeed.
func git(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := gitCommand(dir, args...).CombinedOutput(); err != nil {
		t.Fatalf("git %q: %v\n%s", args, err, out)
	}
}

// gitFails runs git up to a conflict.
func gitFails(t *testing.T, dir string, args ...string) {
	t.Helper()
	if out, err := gitCommand(dir, args...).CombinedOutput(); err == nil {
		t.Fatalf("git %q: no conflict\n%s", args, out)
	}
}

func gitCommand(dir string, args ...string) *exec.Cmd {
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_EDITOR=true", "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.com", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.com")
	return cmd
}

// aRepo makes a repository with branches main and other, which differ in all of n
// files, and with a conflict between them.
func aRepo(t *testing.T, dir string, n int) (paths []string) {
	t.Helper()
	git(t, dir, "init", "-q", "-b", "main")
	for i := range n {
		paths = append(paths, filepath.Join(dir, fmt.Sprint("d", i%40), fmt.Sprintf("f%04d.py", i)))
	}
	commit := func(text string) {
		for _, path := range paths {
			write(t, path, text)
		}
		git(t, dir, "add", ".")
		git(t, dir, "commit", "-q", "-m", text)
	}
	commit("base")
	git(t, dir, "checkout", "-q", "-b", "other")
	commit("other")
	git(t, dir, "checkout", "-q", "main")
	commit("main")
	return paths
}

func TestCheckoutIsOneChange(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			paths := aRepo(t, dir, 1000)
			r := start(t, Options{busy: never}, everything(dir)).known()
			for _, branch := range []string{"other", "main"} {
				git(t, dir, "checkout", "-q", branch)
				for {
					select { // git may be seen at work, and it may not
					case <-r.Warnings():
						continue
					case c := <-r.Changes():
						if len(c.Paths) != len(paths) || c.Structure {
							t.Fatalf("a change of %d files, want %d; structure %v", len(c.Paths), len(paths), c.Structure)
						}
					}
					break
				}
			}
			sentinel := filepath.Join(dir, "z")
			write(t, sentinel, "x")
			for len(r.Warnings()) > 0 {
				<-r.Warnings()
			}
			r.expect(true, sentinel)
		})
	}
}

// What git is in the middle of holds changes back until it is finished, or given
// up; then all of them are one.
func TestHeldByGit(t *testing.T) {
	for name, c := range map[string]struct {
		begin, abort []string
	}{
		"rebase":      {[]string{"rebase", "main", "other"}, []string{"rebase", "--abort"}},
		"merge":       {[]string{"merge", "other"}, []string{"merge", "--abort"}},
		"cherry-pick": {[]string{"cherry-pick", "other"}, []string{"cherry-pick", "--abort"}},
		"revert":      {[]string{"revert", "HEAD~1"}, []string{"revert", "--abort"}},
		"am":          {[]string{"am", "-3", "other.patch"}, []string{"am", "--abort"}},
	} {
		t.Run(name, func(t *testing.T) {
			for disk, dir := range disks(t) {
				t.Run(disk, func(t *testing.T) {
					paths := aRepo(t, dir, 3)
					patch, err := gitCommand(dir, "format-patch", "--stdout", "main~1..other").Output()
					must(t, err)
					write(t, filepath.Join(dir, ".git", "other.patch"), string(patch))
					if name == "am" {
						c.begin = []string{"am", filepath.Join(dir, ".git", "other.patch")}
					}
					if name == "revert" {
						write(t, paths[0], "more")
						git(t, dir, "commit", "-q", "-a", "-m", "more")
					}
					mine := filepath.Join(dir, "mine")
					r := start(t, Options{}, everything(dir)).known()
					gitFails(t, dir, c.begin...)
					write(t, mine, "during")
					r.warned(WarnHeld)
					if r.Stats().Held == "" {
						t.Error("nothing is said to be held")
					}
					must(t, os.Remove(mine))
					write(t, mine, "at the end")
					git(t, dir, c.abort...)
					r.warned(WarnResumed)
					if c := r.next(); !c.Structure || c.Paths[len(c.Paths)-1] != mine {
						t.Errorf("changed %+v", c)
					}
					r.nothingBut(mine)
				})
			}
		})
	}
}

// warned waits for a warning; a lock of git may be seen in passing.
func (r *rig) warned(kind WarningKind) {
	r.t.Helper()
	for w := r.warning(); w.Kind != kind; {
		w = r.warning()
	}
}

// A worktree has a state of its own, and what happens in another holds nothing.
func TestHeldInWorktree(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			main, tree := filepath.Join(dir, "main"), filepath.Join(dir, "tree")
			mkdir(t, main)
			aRepo(t, main, 3)
			git(t, main, "worktree", "add", "-q", tree, "other")
			inMain, inTree := filepath.Join(main, "x"), filepath.Join(tree, "x")
			r := start(t, Options{}, Scope{Trees: []Tree{{Dir: main, Recursive: true}, {Dir: tree, Recursive: true}}}).known()
			lock := filepath.Join(main, ".git", "worktrees", "tree", indexLock)
			write(t, lock, "")
			write(t, inMain, "x")
			r.expect(true, inMain)
			write(t, inTree, "x")
			r.warned(WarnHeld)
			must(t, os.Remove(lock))
			r.warned(WarnResumed)
			r.expect(true, inTree)
		})
	}
}
