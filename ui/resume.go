package ui

import (
	"io"

	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/ui/internal/tty"
)

// resume takes the terminal back after the process was stopped: the shell has
// changed its modes and written to it. In the background there is none to take,
// and each read from it would be a signal: the process is stopped again until it
// is in the foreground.
func (m *model) resume() tea.Cmd {
	if !tty.InForeground(m.opts.In) {
		tty.StopJob()
		return nil
	}
	return tea.Exec(nothing{}, func(error) tea.Msg { return nil })
}

// nothing is a command between whose start and end nothing happens: the terminal
// is given up and set up anew.
type nothing struct{}

// Run returns at once.
func (nothing) Run() error { return nil }

// SetStdin ignores the terminal.
func (nothing) SetStdin(io.Reader) {}

// SetStdout ignores the terminal.
func (nothing) SetStdout(io.Writer) {}

// SetStderr ignores the terminal.
func (nothing) SetStderr(io.Writer) {}
