package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime"

	"gcl-tui/cluster"
)

// workerCount is how many workers o asks for.
func workerCount(o cluster.Options) int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0) // as many CPUs as the cgroup allows, too
}

// explainStart adds what to do to why a cluster did not start.
func explainStart(err error) error {
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: a low port needs a privilege; choose one from 1024 up with -p", err)
	}
	return err
}
