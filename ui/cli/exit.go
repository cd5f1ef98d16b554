package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"gcl-tui/ui"
)

// The exit codes. A script may rely on them.
const (
	exitOK     = 0
	exitFailed = 1 // the cluster could not run; the reason is the last line on stderr
	exitUsage  = 2 // the command line is wrong, wherever it is tried
	exitForced = 130
)

// errForced ends a run that was interrupted a second time.
var errForced = errors.New("interrupted twice: the workers left were killed")

// errInterrupted ends a start that was interrupted before there was a cluster.
var errInterrupted = errors.New("interrupted before the start")

// usageError is a command line that cannot be right.
type usageError struct{ error }

func usagef(format string, args ...any) error {
	return usageError{fmt.Errorf(format, args...)}
}

// exitCode returns the code that tells err to a script.
func exitCode(err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errForced), errors.Is(err, ui.ErrForced):
		return exitForced
	case errors.As(err, &usage):
		return exitUsage
	}
	return exitFailed
}

// report writes err to stderr. After a panic the trace comes first, so that the
// last line is the reason in every case.
func report(stderr io.Writer, err error) {
	if err == nil {
		return
	}
	var screen *ui.PanicError
	if errors.As(err, &screen) {
		fmt.Fprintf(stderr, "%s\n", screen.Stack)
		err = fmt.Errorf("the screen failed: %v", screen.Value)
	}
	var own *panicError
	if errors.As(err, &own) {
		fmt.Fprintf(stderr, "%s\n", own.stack)
	}
	fmt.Fprintf(stderr, "gcl-tui: %s\n", strings.TrimSpace(err.Error()))
}
