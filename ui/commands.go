package ui

import (
	"context"
	"image/color"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/tty"
)

// logPause is the wait between batches of nothing but log lines, which bounds
// what a flood of them costs.
const logPause = 20 * time.Millisecond

// nextEvents waits for events. Its message is nil once there are no more, or
// ctx has ended.
func nextEvents(ctx context.Context, source events) tea.Cmd {
	return safely(func() tea.Msg {
		for {
			batch, err := source.Next(ctx)
			if err != nil {
				return nil
			}
			msg := eventsMsg{events: withoutLogs(batch.Events), missed: batch.MissedEvents}
			if len(msg.events) > 0 || msg.missed > 0 {
				return msg
			}
			if !pause(ctx, logPause) {
				return nil
			}
		}
	})
}

func withoutLogs(all []cluster.Event) []cluster.Event {
	var kept []cluster.Event
	for _, e := range all {
		if _, isLog := e.Data.(cluster.Log); !isLog {
			kept = append(kept, e)
		}
	}
	return kept
}

// later delivers msg after d, or nothing if ctx ends first.
func later(ctx context.Context, d time.Duration, msg tea.Msg) tea.Cmd {
	return func() tea.Msg {
		if !pause(ctx, d) {
			return nil
		}
		return msg
	}
}

// pause waits for d, and returns false if ctx ends first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// waitEnd waits for the end of the master or of ctx.
func waitEnd(ctx context.Context, m Master) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-m.Done():
			return doneMsg{}
		case <-ctx.Done():
			return canceledMsg{ctx.Err()}
		}
	}
}

// waitContinued waits until the process goes on after it was stopped.
func waitContinued(ctx context.Context, continued <-chan os.Signal) tea.Cmd {
	return func() tea.Msg {
		select {
		case <-continued:
			return continuedMsg{}
		case <-ctx.Done():
			return nil
		}
	}
}

// waitBackground waits for the terminal's answer, which may never come.
func waitBackground(ctx context.Context, answers <-chan color.Color) tea.Cmd {
	return func() tea.Msg {
		select {
		case c := <-answers:
			return backgroundMsg{tty.IsDark(c)}
		case <-ctx.Done():
			return nil
		}
	}
}

// request runs a request to the master, which may block.
func request(done string, ask func() error) tea.Cmd {
	return safely(func() tea.Msg { return resultMsg{done, ask()} })
}
