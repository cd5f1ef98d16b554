package build

import (
	"fmt"
	"os"
	"path/filepath"
)

// lockName is the file in a run's directory that is locked while the run lasts.
// The system lets go of it however the run ends.
const lockName = "lock"

// newDir returns an empty directory for what this run builds, and its lock.
// What runs that were killed have left behind is removed here.
func newDir() (dir string, lock *os.File, err error) {
	root, err := buildRoot()
	if err != nil {
		return "", nil, err
	}
	sweep(root)
	dir, err = os.MkdirTemp(root, "run-")
	if err != nil {
		return "", nil, fmt.Errorf("make a place for the build: %w", err)
	}
	lock, err = lockFile(filepath.Join(dir, lockName))
	if err != nil {
		return "", nil, fmt.Errorf("make a place for the build: %w", err)
	}
	return dir, lock, nil
}

// sweep removes the directories whose runs are over. One without a lock yet
// belongs to a run that is just starting.
func sweep(root string) {
	locks, err := filepath.Glob(filepath.Join(root, "run-*", lockName))
	if err != nil {
		return
	}
	for _, name := range locks {
		lock, err := lockFile(name)
		if err != nil {
			continue
		}
		lock.Close()
		_ = os.RemoveAll(filepath.Dir(name))
	}
}

// buildRoot is where the directories of all runs are.
func buildRoot() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the build: %w", err)
	}
	root := filepath.Join(cache, "gcl-tui", "build")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", fmt.Errorf("make a place for the build: %w", err)
	}
	return root, nil
}
