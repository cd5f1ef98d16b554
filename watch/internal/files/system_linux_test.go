package files

import (
	"os"
	"syscall"
	"testing"
)

// fileSystems are where tests write files.
func fileSystems() map[string]string {
	return map[string]string{"disk": os.TempDir(), "memory": "/dev/shm"}
}

func fifo(t *testing.T, path string) {
	t.Helper()
	must(t, syscall.Mkfifo(path, 0o600))
}

// descriptors counts the open descriptors of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(open)
}

// errReached is what the system says when it lends no more watches.
const errReached = syscall.ENOSPC

// limitNames are what the advice has to name.
var limitNames = map[syscall.Errno]string{
	syscall.ENOSPC: "fs.inotify.max_user_watches=",
	syscall.EMFILE: "fs.inotify.max_user_instances=",
}
