package cluster

import (
	"os"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/proc"
)

// RunRole runs the hidden role that this process was started in, if it was,
// and then does not return. Every program that uses this package calls it
// first thing in main.
func RunRole() {
	if len(os.Args) < 2 {
		return
	}
	switch role, args := os.Args[1], os.Args[2:]; role {
	case adopt.ShimArg:
		adopt.RunShim(args)
		os.Exit(exitRole)
	case proc.KeeperArg:
		if len(args) == 1 {
			proc.RunKeeper(args[0])
		}
		os.Exit(0)
	}
}

// exitRole is the exit code of a role that could not do its work.
const exitRole = 125
