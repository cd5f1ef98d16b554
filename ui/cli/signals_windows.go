package cli

import (
	"os"
	"slices"
	"syscall"
)

// caughtSignals are the signals that mean something: ctrl+c and ctrl+break, and
// the end of the console or the session.
func caughtSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

func wishOf(sig os.Signal) wish {
	switch sig {
	case os.Interrupt:
		return wishInterrupt
	case syscall.SIGTERM:
		return wishStop
	}
	return wishNothing
}

// isSignal reports whether name, such as "SIGTERM", is a signal here.
func isSignal(name string) bool {
	return slices.Contains([]string{"SIGTERM", "SIGINT", "SIGKILL"}, name)
}
