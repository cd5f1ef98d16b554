package ui

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"
)

// toggleWatch pauses or resumes acting on changes.
func (m *model) toggleWatch() tea.Cmd {
	if !watches(m.snap.Source) {
		m.say(note{toneMuted, "nothing is watched"})
		return nil
	}
	on, done := false, "watch paused: changes wait until "+m.keys.Watch.Help().Key
	if m.snap.Source.Paused {
		on, done = true, "watching again"
	}
	return request(done, func() error { return m.master.Watch(on) })
}

// build builds the program now.
func (m *model) build() tea.Cmd {
	if m.snap.Source.What == "" {
		m.say(note{toneMuted, "there is nothing to build"})
		return nil
	}
	done := "building now"
	if !builds(m.snap.Source) {
		done = "reloading now"
	}
	return request(done, m.master.Build)
}

// rollBack goes back to the generation before. It needs no question: the next
// build undoes it.
func (m *model) rollBack() tea.Cmd {
	s := m.snap
	var done string
	switch from := former(s); {
	case from > 0:
		done = fmt.Sprintf("calling gen %d off, back to gen %d", s.Target, from)
	case s.Previous > 0:
		done = fmt.Sprintf("rolling back to gen %d", s.Previous)
	case s.Generation == 0:
		m.say(note{toneMuted, "nothing has run yet to go back to"})
		return nil
	case s.Generation > 1 && !builds(s.Source):
		m.say(note{toneMuted, "what is not built is not kept: there is nothing to go back to"})
		return nil
	default:
		m.say(note{toneMuted, fmt.Sprintf("there is no generation before %d to go back to", s.Generation)})
		return nil
	}
	return request(done, func() error { return m.master.RollBack(byUser) })
}
