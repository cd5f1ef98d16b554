package watch

import (
	"os"

	"gcl-tui/watch/internal/source"
)

// Check says in one sentence why a program cannot be run, if that can be seen
// from its file; nil means that nothing speaks against it. It asks nobody, so
// it is fast.
func Check(path string) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	return source.Check(dir, path)
}

// IsGoSource reports whether a command names Go source: a .go file, or a
// directory written as a path.
func IsGoSource(path string) bool {
	dir, err := os.Getwd()
	return err == nil && source.IsGo(source.Request{Path: path, Dir: dir})
}
