//go:build darwin || freebsd || netbsd

package files

import (
	"io/fs"
	"syscall"
)

// ctimeOf returns when the file was last written, or its name, mode or times were
// set, in nanoseconds since 1970. Nobody can set it, so it tells two files of the
// same size apart that have been given the same time of modification, as cp -p,
// rsync -t and tar do.
func ctimeOf(fi fs.FileInfo) int64 {
	if st, ok := fi.Sys().(*syscall.Stat_t); ok {
		return st.Ctimespec.Nano()
	}
	return 0
}
