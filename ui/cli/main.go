package cli

import (
	"context"
	"os"

	"gcl-tui/ui/restore"
)

// RunRole runs the hidden role of this package if this process was started in
// it, and then does not return.
func RunRole() { restore.RunRole() }

// Main runs the program with its arguments, the name left out, and returns its
// exit code.
func Main(args []string) int {
	err := safely("the command line", func() error {
		return rootCommand(args).ExecuteContext(context.Background())
	})
	report(os.Stderr, err)
	return exitCode(err)
}
