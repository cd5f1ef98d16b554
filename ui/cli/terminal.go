package cli

import (
	"os"

	"github.com/charmbracelet/x/term"

	"gcl-tui/ui/internal/tty"
)

// isTerminal reports whether f is one.
func isTerminal(f *os.File) bool { return term.IsTerminal(f.Fd()) }

// wantsScreen says whether there is to be a dashboard, and errs if there should
// be one and cannot.
func wantsScreen(s *settings) (bool, error) {
	switch {
	case s.headless, !isTerminal(os.Stdout), os.Getenv("TERM") == "dumb":
		return false, nil
	case !isTerminal(os.Stdin):
		return false, usagef("stdin is not a terminal, so no key would arrive: start it from a terminal, or with --headless")
	case !tty.InForeground(os.Stdin):
		return false, usagef("started in the background, where no key would arrive: start it in the foreground, or with --headless")
	}
	return true, nil
}

// wantsColor says whether lines on stdout are coloured; see no-color.org.
func wantsColor() bool {
	return isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
