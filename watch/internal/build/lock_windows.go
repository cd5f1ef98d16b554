package build

import (
	"os"

	"golang.org/x/sys/windows"
)

// executableSuffix is the extension of executable files.
const executableSuffix = ".exe"

// lockFile opens a file, which must exist, and locks it, without waiting, until it
// is closed.
func lockFile(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	if err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped)); err != nil {
		f.Close()
		return nil, &os.PathError{Op: "LockFileEx", Path: name, Err: err}
	}
	return f, nil
}
