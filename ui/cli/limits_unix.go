//go:build unix

package cli

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// What the master needs in file descriptors: for itself, and for each worker
// its pipes, listeners, notification and pidfd, and some connections.
const (
	descriptorsForMaster = 64
	descriptorsForWorker = 16
)

// checkDescriptors checks that the master may open enough files for workers.
// The Go runtime has raised the soft limit to the hard one at start, for this
// process and not for its children; so it is the hard one that counts.
func checkDescriptors(workers int) error {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("read the limit on open files: %w", err)
	}
	need := uint64(descriptorsForMaster + descriptorsForWorker*workers)
	if limit.Cur < need {
		return fmt.Errorf("%d workers need %d file descriptors and the limit is %d: raise it with ulimit -n %d, or start fewer with -n",
			workers, need, limit.Cur, need)
	}
	return nil
}
