package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"gcl-tui/ui"
	"gcl-tui/ui/lines"
	"gcl-tui/ui/restore"
)

// front shows a cluster until it has ended.
type front struct {
	name string // for a sentence
	run  func(m *stopper) error
	// attended is true if there is somebody to press a key.
	attended bool
}

// chooseFront returns the dashboard or the lines.
func chooseFront(s *settings) (front, error) {
	screen, err := wantsScreen(s)
	if err != nil {
		return front{}, err
	}
	if screen {
		return front{"the screen", s.dashboard, true}, nil
	}
	return front{"the output", s.lines, false}, nil
}

// dashboard shows m on the terminal.
func (s *settings) dashboard(m *stopper) error {
	restored, err := restore.Watch(os.Stdin)
	if err != nil {
		return fmt.Errorf("watch over the terminal: %w", err)
	}
	err = ui.Run(context.Background(), screenMaster{m}, ui.Options{
		Theme:   s.theme,
		ASCII:   s.ascii,
		Version: version(),
	})
	// Not deferred: after a panic that nobody has seen to, all is not well.
	restored()
	return err
}

// lines prints m's events on stdout.
func (s *settings) lines(m *stopper) error {
	err := lines.Run(context.Background(), m.Subscribe(), lines.Options{
		Out:    os.Stdout,
		Format: s.format,
		Color:  wantsColor(),
		ASCII:  s.ascii,
	})
	if errors.Is(err, syscall.EPIPE) {
		return errors.New("nobody reads stdout any more: stopped")
	}
	return err
}
