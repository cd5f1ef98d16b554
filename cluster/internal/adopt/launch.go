package adopt

import (
	"fmt"
	"os"
	"syscall"
)

// ExecError says that a program could not be executed.
type ExecError struct {
	Path  string
	Errno syscall.Errno
}

// Error returns one sentence.
func (e *ExecError) Error() string { return fmt.Sprintf("execute %s: %v", e.Path, e.Errno) }

// Unwrap returns the errno.
func (e *ExecError) Unwrap() error { return e.Errno }

// FilterError says that the system does not allow the filter.
type FilterError struct{ Errno syscall.Errno }

// Error returns one sentence.
func (e *FilterError) Error() string { return fmt.Sprintf("install a seccomp filter: %v", e.Errno) }

// Unwrap returns the errno.
func (e *FilterError) Unwrap() error { return e.Errno }

// Launch is a worker's start through the shim.
type Launch struct {
	// Path, Args and Extra are what to start.
	Path  string
	Args  []string
	Extra []*os.File

	program string
	control *os.File // the end of the master; nil where there is no shim
}
