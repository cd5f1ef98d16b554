package ui

import (
	"fmt"
	"runtime/debug"

	tea "github.com/charmbracelet/bubbletea"
)

// PanicError is a panic in the screen. The terminal was restored, and the
// workers do not know of it.
type PanicError struct {
	Value any
	Stack []byte
}

// Error returns the panic's value and the stack, over several lines.
func (e *PanicError) Error() string {
	return fmt.Sprintf("the screen failed: %v\n%s", e.Value, e.Stack)
}

// guard runs another model and turns its panics into an orderly end. Bubbletea's
// own recovery prints to the alternate screen, where the trace is lost.
type guard struct {
	inner    tea.Model
	panicked *PanicError
}

// panicMsg is a panic in a command, which has a goroutine of its own.
type panicMsg struct{ err *PanicError }

// safely returns cmd with its panics as messages.
func safely(cmd tea.Cmd) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if v := recover(); v != nil {
				msg = panicMsg{&PanicError{v, debug.Stack()}}
			}
		}()
		return cmd()
	}
}

// keep is deferred around the inner model.
func (g *guard) keep() {
	if v := recover(); v != nil && g.panicked == nil {
		g.panicked = &PanicError{v, debug.Stack()}
	}
}

// Init starts the inner model.
func (g *guard) Init() tea.Cmd { return g.inner.Init() }

// Update passes a message on, or ends the program after a panic.
func (g *guard) Update(msg tea.Msg) (next tea.Model, cmd tea.Cmd) {
	defer func() {
		if g.panicked != nil {
			next, cmd = g, tea.Quit
		}
	}()
	defer g.keep()
	if p, ok := msg.(panicMsg); ok && g.panicked == nil {
		g.panicked = p.err
	}
	if g.panicked == nil {
		g.inner, cmd = g.inner.Update(msg)
	}
	return g, cmd
}

// View shows the inner model. After a panic in it, the next message, a tick at
// the latest, ends the program.
func (g *guard) View() (frame string) {
	if g.panicked != nil {
		return ""
	}
	defer g.keep()
	return g.inner.View()
}
