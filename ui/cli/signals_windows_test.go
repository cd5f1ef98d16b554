package cli

import (
	"os"
	"syscall"
)

var (
	interruptSignal = os.Interrupt
	harmlessSignal  = syscall.SIGPIPE
)
