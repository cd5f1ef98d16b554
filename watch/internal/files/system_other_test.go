//go:build !linux

package files

import (
	"os"
	"syscall"
	"testing"
)

// fileSystems are where tests write files.
func fileSystems() map[string]string { return map[string]string{"disk": os.TempDir()} }

// fifo makes something that is no regular file.
func fifo(t *testing.T, path string) {
	t.Helper()
	mkdir(t, path)
}

// descriptors cannot be counted everywhere.
func descriptors(*testing.T) int { return 0 }

// errReached is what the system says when it lends no more watches.
const errReached = syscall.EMFILE

// limitNames are what the advice has to name.
var limitNames = map[syscall.Errno]string{syscall.EMFILE: "ulimit -n"}
