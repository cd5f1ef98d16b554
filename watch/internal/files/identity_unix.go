//go:build unix

package files

import "syscall"

// identity is what tells one directory from another that has its name later. The
// zero value is that of none.
type identity struct{ dev, ino uint64 }

func identify(dir string) identity {
	var st syscall.Stat_t
	if err := syscall.Stat(dir, &st); err != nil {
		return identity{}
	}
	return identity{uint64(st.Dev), uint64(st.Ino)} //nolint:unconvert // differs by system
}
