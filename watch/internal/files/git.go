package files

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// repo is a git repository: a working tree and where its state is.
type repo struct {
	top    string // of the working tree
	gitDir string // its own: that of a linked worktree is not the common one
}

// findRepo returns the repository whose working tree has a directory.
func findRepo(dir string) (repo, bool) {
	for {
		if gitDir, ok := gitDirOf(filepath.Join(dir, ".git")); ok {
			return repo{dir, gitDir}, true
		}
		up := filepath.Dir(dir)
		if up == dir {
			return repo{}, false
		}
		dir = up
	}
}

// gitDirOf returns the git directory that a .git stands for: itself, or, in a
// linked worktree or a submodule, the one that its text names
// (gitrepository-layout(5), "gitfile").
func gitDirOf(path string) (string, bool) {
	fi, err := os.Stat(path)
	if err != nil {
		return "", false
	}
	if fi.IsDir() {
		return path, true
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", false
	}
	to, ok := strings.CutPrefix(strings.TrimRight(string(text), "\r\n"), "gitdir: ")
	if !ok {
		return "", false
	}
	if !filepath.IsAbs(to) {
		to = filepath.Join(filepath.Dir(path), to)
	}
	return filepath.Clean(to), true
}

// commonDir returns the directory that all worktrees of the repository share.
func (r repo) commonDir() string {
	text, err := os.ReadFile(filepath.Join(r.gitDir, "commondir"))
	if err != nil {
		return r.gitDir
	}
	dir := strings.TrimSpace(string(text))
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(r.gitDir, dir)
	}
	return filepath.Clean(dir)
}

// askGit is how long git may take to say what it is set to.
const askGit = 2 * time.Second

// excludesFile returns the file of what the user has git ignore in every
// repository (git-config(1), core.excludesFile; gitignore(5) for the default). It
// need not exist; "" is none.
func (r repo) excludesFile() string {
	ctx, cancel := context.WithTimeout(context.Background(), askGit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "git", "config", "--type=path", "--get", "core.excludesFile")
	cmd.Dir = r.top
	if out, err := cmd.Output(); err == nil {
		path := strings.TrimSuffix(string(out), "\n")
		if path != "" && !filepath.IsAbs(path) {
			path = filepath.Join(r.top, path)
		}
		return path
	}
	config := os.Getenv("XDG_CONFIG_HOME")
	if config == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		config = filepath.Join(home, ".config")
	}
	return filepath.Join(config, "git", "ignore")
}

// unfinished are the files by which git remembers what it is in the middle of.
var unfinished = []struct{ name, what string }{
	{"rebase-merge", "a rebase"},
	{"rebase-apply", "a rebase"},
	{"MERGE_HEAD", "a merge"},
	{"CHERRY_PICK_HEAD", "a cherry-pick"},
	{"REVERT_HEAD", "a revert"},
}

// indexLock is there while git changes the index, and the files with it.
const indexLock = "index.lock"

// busy says what git is doing in the repository, "" for nothing. lock is the
// index's lock if that alone says so.
func (r repo) busy() (what string, lock fs.FileInfo) {
	for _, u := range unfinished {
		if _, err := os.Lstat(filepath.Join(r.gitDir, u.name)); err == nil {
			return u.what + " in " + r.top, nil
		}
	}
	if fi, err := os.Lstat(filepath.Join(r.gitDir, indexLock)); err == nil {
		return "git, which has locked the index of " + r.top, fi
	}
	return "", nil
}
