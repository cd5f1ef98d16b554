package cli

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// target is what a COMMAND turned out to be.
type target struct {
	argv []string
	// release lets go of what was made for it.
	release func()
}

// findTarget returns what argv asks to run. A Go package is built, its compiler's
// output going to stderr; anything else is looked at, so that what cannot be
// started is told as one sentence before there is a cluster.
func findTarget(ctx context.Context, argv []string, stderr io.Writer) (target, error) {
	if isGoPackage(argv[0]) {
		binary, release, err := buildPackage(ctx, argv[0], stderr)
		if err != nil {
			return target{}, err
		}
		return target{append([]string{binary}, argv[1:]...), release}, nil
	}
	return target{argv, func() {}}, checkProgram(argv[0])
}

// isGoPackage reports whether COMMAND names Go source: a .go file, or a
// directory written as a path.
func isGoPackage(command string) bool {
	info, err := os.Stat(command)
	if err != nil {
		return false
	}
	if info.IsDir() {
		return isPath(command)
	}
	return filepath.Ext(command) == ".go"
}

// isPath reports whether command is looked for where it says and not on PATH.
func isPath(command string) bool {
	return command == "." || command == ".." || strings.ContainsAny(command, "/"+string(filepath.Separator))
}
