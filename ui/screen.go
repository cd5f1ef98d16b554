package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/ui/internal/tty"
)

const (
	// frameTime is the least time between two frames, so that a burst of
	// events costs no more than a person can see of it.
	frameTime = 33 * time.Millisecond
	// themeWait is how long the first frame waits for the terminal to tell its
	// background. A later answer is welcome too, but repaints.
	themeWait = 50 * time.Millisecond
)

// screen is the model with its frames on the terminal. It paints them itself
// and leaves nothing to bubbletea's renderer; see tty.Output.
type screen struct {
	model   *model
	painter *tty.Painter
	hold    time.Time // no frame before
	painted time.Time // the latest frame
	waiting bool      // a paintMsg is on its way
}

// paintMsg says that a frame that had to wait is due.
type paintMsg struct{}

// Init starts the model's commands.
func (s *screen) Init() tea.Cmd {
	if s.model.askBackground == nil {
		return s.model.Init()
	}
	s.hold = time.Now().Add(themeWait)
	s.waiting = true
	return tea.Batch(s.model.Init(), later(s.model.ctx, themeWait, paintMsg{}))
}

// Update passes a message to the model, and sees to it that a frame which is
// not due yet is painted later.
func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg.(type) {
	case paintMsg:
		s.waiting = false
		return s, nil
	case tea.WindowSizeMsg:
		s.painter.Reset()
	case backgroundMsg:
		s.hold = time.Time{}
	}
	cmd := s.model.Update(msg)
	if d := s.wait(); s.model.dirty && d > 0 && !s.waiting {
		s.waiting = true
		return s, tea.Batch(cmd, later(s.model.ctx, d, paintMsg{}))
	}
	return s, cmd
}

// wait returns how long the next frame has to wait.
func (s *screen) wait() time.Duration {
	return max(time.Until(s.hold), time.Until(s.painted.Add(frameTime)))
}

// View paints the frame, if it has changed, and returns nothing for bubbletea
// to draw. That the terminal cannot be written to shows in its input, too.
func (s *screen) View() string {
	if s.model.dirty && s.wait() <= 0 {
		_ = s.painter.Paint(s.model.frame())
		s.painted = time.Now()
	}
	return ""
}
