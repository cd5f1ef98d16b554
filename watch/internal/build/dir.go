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
	for range maxTaken {
		if dir, err = os.MkdirTemp(root, "run-"); err != nil {
			break
		}
		if lock, err = lockDir(dir); err == nil {
			return dir, lock, nil
		}
	}
	return "", nil, fmt.Errorf("make a place for the build: %w", err)
}

// maxTaken is how many directories may be swept by others before they are locked.
const maxTaken = 10

// lockDir locks a directory. It fails if another run, which started at the same
// time, has come between the making of the lock and the locking.
func lockDir(dir string) (*os.File, error) {
	name := filepath.Join(dir, lockName)
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		return nil, err
	}
	lock, err := lockFile(name)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(lock.Name()); err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
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
		_ = removeLocked(filepath.Dir(name), lock) // the next run tries again
	}
}

// removeLocked removes a directory while it is locked, so that who has just made it
// finds it gone once it can be locked, and nobody else removes it meanwhile; and
// again after that, for a system that does not remove what is open.
func removeLocked(dir string, lock *os.File) error {
	_ = os.RemoveAll(dir)
	lock.Close()
	return os.RemoveAll(dir)
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
