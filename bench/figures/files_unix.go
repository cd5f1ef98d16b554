//go:build unix

package main

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// raiseFiles raises the limit on open files of this process, and of those that
// it starts, to want or as far as it may, and returns what it is then. It is an
// error if that is below least.
func raiseFiles(least, want uint64) (string, error) {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return "", fmt.Errorf("read the limit on open files: %w", err)
	}
	hard := limit.Max
	for _, try := range []unix.Rlimit{{Cur: max(want, hard), Max: max(want, hard)}, {Cur: hard, Max: hard}} {
		// The first one takes a privilege if it is above the hard limit.
		if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &try); err == nil && try.Cur >= least {
			return fmt.Sprint(try.Cur), nil
		}
	}
	return "", fmt.Errorf("%d open files are needed and the hard limit is %d: raise it, as root, with ulimit -Hn %d", least, hard, want)
}
