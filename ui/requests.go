package ui

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/cluster"
)

// byUser names the user in the events that a key causes.
const byUser = "you"

// slotName returns a slot as it is called on the screen, as in "w3".
func slotName(slot int) string { return "w" + strconv.Itoa(slot) }

func (m *model) scale(delta int) tea.Cmd {
	want := m.snap.Want + delta
	if want < 1 || want > cluster.MaxWorkers {
		m.say(note{toneMuted, fmt.Sprintf("there are 1 to %d workers", cluster.MaxWorkers)})
		return nil
	}
	done := "one worker more"
	if delta < 0 {
		done = "one worker less"
	}
	return request(done, func() error { return m.master.ScaleBy(delta, byUser) })
}

func (m *model) reload() tea.Cmd {
	return request("replacing all workers, one by one", func() error { return m.master.Reload(byUser) })
}

// restart replaces the selected worker, or starts it if it is down.
func (m *model) restart() tea.Cmd {
	w, ok := selected(m.snap.Workers, m.cursor.slot)
	switch {
	case !ok:
		return nil
	case lookOf(w.State).down:
		return m.startOrStop()
	}
	return request("restarting "+slotName(w.Slot), func() error { return m.master.Restart(w.Slot) })
}

// startOrStop stops the selected worker, or starts it if it is down. One that is
// on its way out already could only be killed, which is asked about.
func (m *model) startOrStop() tea.Cmd {
	w, ok := selected(m.snap.Workers, m.cursor.slot)
	switch {
	case !ok:
		return nil
	case waits(w):
		m.say(note{toneMuted, slotName(w.Slot) + " " + w.Note})
		return nil
	case lookOf(w.State).down:
		return request("starting "+slotName(w.Slot), func() error { return m.master.StartWorker(w.Slot) })
	case lookOf(w.State).leaving:
		return m.askKill()
	}
	return request("stopping "+slotName(w.Slot), func() error { return m.master.StopWorker(w.Slot) })
}

// askKill asks whether to kill the selected worker, and with it the one that it
// replaces or that is to replace it.
func (m *model) askKill() tea.Cmd {
	w, ok := selected(m.snap.Workers, m.cursor.slot)
	switch {
	case !ok:
		return nil
	case w.PID == 0:
		m.say(note{toneMuted, slotName(w.Slot) + " has no process to kill"})
		return nil
	}
	m.overlay = &question{
		title: "kill " + slotName(w.Slot) + "?",
		text:  killed(m.snap.Workers, w.Slot),
		verb:  "kill",
		yes:   func() tea.Cmd { return m.kill(w) },
	}
	return nil
}

// killed says what a kill of a slot ends.
func killed(workers []cluster.Worker, slot int) string {
	var pids []string
	requests := 0
	for _, w := range workers {
		if w.Slot == slot && w.PID != 0 {
			pids = append(pids, strconv.Itoa(w.PID))
			requests += w.Traffic.InFlight
		}
	}
	text := "SIGKILL ends pid " + strings.Join(pids, " and ") + " with all children at once."
	if requests > 0 {
		text += " " + amount(requests, "request") + " in flight may be lost."
	}
	return text
}

// kill kills the worker that was asked about, unless its slot has got another
// process meanwhile.
func (m *model) kill(asked cluster.Worker) tea.Cmd {
	name := slotName(asked.Slot)
	if w, ok := selected(m.snap.Workers, asked.Slot); !ok || w.PID != asked.PID {
		m.say(note{toneWarn, fmt.Sprintf("pid %d has ended by itself: nothing was killed", asked.PID)})
		return nil
	}
	return request("killed "+name, func() error { return m.master.Kill(asked.Slot) })
}

// amount returns a number and a noun, as in "1 request", "2 requests".
func amount(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}
