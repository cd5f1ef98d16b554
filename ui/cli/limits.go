package cli

import (
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
