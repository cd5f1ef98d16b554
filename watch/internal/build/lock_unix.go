//go:build unix

package build

import (
	"os"

	"golang.org/x/sys/unix"
)

// executableSuffix is the extension of executable files.
const executableSuffix = ""

// lockFile opens a file, which must exist, and locks it, without waiting, until it
// is closed.
func lockFile(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		return nil, &os.PathError{Op: "flock", Path: name, Err: err}
	}
	return f, nil
}
