package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/cluster"
)

// onKeys deals with one message of the keyboard, which holds several keys if
// they were typed faster than they were read. Pasted text is no command.
func (m *model) onKeys(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	if msg.Type != tea.KeyRunes || len(msg.Runes) <= 1 {
		return m.onKey(msg)
	}
	var cmds []tea.Cmd
	for _, r := range msg.Runes {
		cmds = append(cmds, m.onKey(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}, Alt: msg.Alt}))
	}
	return tea.Batch(cmds...)
}

// onKey deals with one key: ctrl+c and ctrl+z always mean the same, then comes
// what lies over the panes, then the panes.
func (m *model) onKey(k tea.KeyMsg) tea.Cmd {
	m.dirty = true
	m.stirred = m.opts.Now()
	switch {
	case key.Matches(k, m.keys.Force):
		return m.interrupt()
	case key.Matches(k, m.keys.Suspend):
		m.refuseSuspend()
		return nil
	case m.overlay != nil:
		return m.overlay.onKey(m, k)
	case m.onSelectKey(k):
		return nil
	case key.Matches(k, m.keys.Help):
		m.overlay = helpPage()
		return nil
	case key.Matches(k, m.keys.Errors):
		m.explain()
		return nil
	case key.Matches(k, m.keys.Quit):
		return m.quit()
	case m.stopping():
		return nil // nothing can be changed any more
	}
	return m.onRequestKey(k)
}

// explain opens the page that says why the newest code does not serve, or else
// why the selected worker failed.
func (m *model) explain() {
	w, _ := selected(m.snap.Workers, m.cursor.slot)
	switch {
	case isStale(m.snap):
		m.overlay = errorsPage()
	case w.Failure != "":
		m.overlay = failurePage(w.Slot)
	}
}

// onSelectKey moves the cursor, if that is what k does.
func (m *model) onSelectKey(k tea.KeyMsg) bool {
	all := slots(m.snap.Workers)
	page := max(1, m.tableRows()-1)
	switch {
	case key.Matches(k, m.keys.Up):
		m.cursor.move(all, -1)
	case key.Matches(k, m.keys.Down):
		m.cursor.move(all, 1)
	case key.Matches(k, m.keys.PageUp):
		m.cursor.move(all, -page)
	case key.Matches(k, m.keys.PageDown):
		m.cursor.move(all, page)
	case key.Matches(k, m.keys.First):
		m.cursor.move(all, -len(all))
	case key.Matches(k, m.keys.Last):
		m.cursor.move(all, len(all))
	default:
		return false
	}
	return true
}

// onRequestKey returns the request to the master that k stands for.
func (m *model) onRequestKey(k tea.KeyMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.More):
		return m.scale(1)
	case key.Matches(k, m.keys.Fewer):
		return m.scale(-1)
	case key.Matches(k, m.keys.Reload):
		return m.reload()
	case key.Matches(k, m.keys.Restart):
		return m.restart()
	case key.Matches(k, m.keys.Stop):
		return m.startOrStop()
	case key.Matches(k, m.keys.Kill):
		return m.askKill()
	case key.Matches(k, m.keys.Watch):
		return m.toggleWatch()
	case key.Matches(k, m.keys.Build):
		return m.build()
	case key.Matches(k, m.keys.RollBack):
		return m.rollBack()
	}
	return nil
}

// hint is a key in the footer.
type hint struct {
	key.Binding
	// rank orders what goes first where there is too little room: the highest.
	rank int
}

// hints returns the keys that do something now: what the footer shows.
func (m *model) hints() []hint {
	k := m.keys
	last := []hint{{merged(k.Help, "help"), 1}, {k.Quit, 1}}
	k.Force = merged(k.Force, "stop")
	if m.stopping() {
		k.Force = merged(k.Force, "kill what is left")
	}
	switch {
	case m.overlay != nil:
		return m.overlay.hints(k)
	case m.stopping():
		return []hint{{k.Force, 1}, last[0]}
	}
	hints := []hint{{merged(k.More, "more"), 5}}
	if m.snap.Want > 1 {
		hints = []hint{{both(k.More, k.Fewer, "scale"), 5}}
	}
	if w, ok := selected(m.snap.Workers, m.cursor.slot); ok {
		hints = append(hints, workerHints(k, w)...)
		if w.Failure != "" && !isStale(m.snap) {
			hints = append(hints, hint{merged(k.Errors, "why it failed"), 3})
		}
	}
	if m.snap.Generation > 0 && !m.snap.Reloading {
		hints = append(hints, hint{merged(k.Reload, "roll all"), 4})
	}
	return append(append(hints, sourceHints(k, m.snap)...), last...)
}

// workerHints returns the keys that act on the selected worker.
func workerHints(k KeyMap, w cluster.Worker) []hint {
	var hints []hint
	if waits(w) {
		return nil
	}
	switch look := lookOf(w.State); {
	case look.down:
		hints = append(hints, hint{merged(k.Start, "start "+slotName(w.Slot)), 2})
	case look.leaving: // it ends by itself
		return []hint{{merged(k.Kill, "kill "+slotName(w.Slot)), 6}}
	default:
		hints = append(hints,
			hint{merged(k.Restart, "restart "+slotName(w.Slot)), 2},
			hint{merged(k.Stop, "stop"), 3})
	}
	if w.PID != 0 {
		hints = append(hints, hint{merged(k.Kill, "kill"), 6})
	}
	return hints
}
