//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// caughtSignals are the signals that mean something. SIGHUP does not if nohup
// has switched it off. SIGPIPE means that nobody reads our output any more,
// which the failed write tells better; caught, it does not end the process, and
// unlike an ignored one it is not passed on to the workers.
func caughtSignals() []os.Signal {
	all := []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGTTIN, syscall.SIGTTOU, syscall.SIGUSR2, syscall.SIGPIPE,
	}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

func wishOf(sig os.Signal) wish {
	switch sig {
	case syscall.SIGINT:
		return wishInterrupt
	case syscall.SIGTERM, syscall.SIGHUP:
		return wishStop
	case syscall.SIGTTIN:
		return wishMore
	case syscall.SIGTTOU:
		return wishFewer
	case syscall.SIGUSR2:
		return wishReload
	}
	return wishNothing
}

// isSignal reports whether name, such as "SIGTERM", is a signal here.
func isSignal(name string) bool { return unix.SignalNum(name) != 0 }
