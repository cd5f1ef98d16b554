package ui

import tea "github.com/charmbracelet/bubbletea"

// overlay is what lies over the panes and gets the keys.
type overlay interface {
	// onKey deals with a key; it takes the overlay off by setting m.overlay.
	onKey(m *model, k tea.KeyMsg) tea.Cmd
	// box returns the lines to show in a screen of that size, or none if they
	// do not fit; the footer says it all then.
	box(v *view, width, height int) []string
	// brief is the overlay in a few words, for the footer.
	brief() string
	// hints returns the keys that do something; k.Force says what it does now.
	hints(k KeyMap) []hint
}
