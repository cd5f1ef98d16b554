//go:build unix

package cli

import (
	"syscall"
	"testing"
)

var (
	interruptSignal = syscall.SIGINT
	harmlessSignal  = syscall.SIGPIPE
)

func TestWishOf(t *testing.T) {
	for sig, want := range map[syscall.Signal]wish{
		syscall.SIGINT: wishInterrupt, syscall.SIGTERM: wishStop, syscall.SIGHUP: wishStop,
		syscall.SIGTTIN: wishMore, syscall.SIGTTOU: wishFewer, syscall.SIGUSR2: wishReload,
		syscall.SIGPIPE: wishNothing, syscall.SIGWINCH: wishNothing,
	} {
		if got := wishOf(sig); got != want {
			t.Errorf("%v: %d, want %d", sig, got, want)
		}
	}
}
