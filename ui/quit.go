package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/cluster"
)

// quit stops the cluster, and asks first if somebody would lose by it: by the
// latest snapshot there is, not the one on the screen.
func (m *model) quit() tea.Cmd {
	m.look()
	if m.stopping() {
		m.say(note{toneMuted, "already stopping; ctrl+c kills what is left"})
		return nil
	}
	at := atStake(m.snap)
	if at == "" {
		return m.stop()
	}
	m.overlay = &question{
		title: "quit?",
		text:  at,
		verb:  "quit",
		yes:   m.stop,
	}
	return nil
}

// What becomes of what is under way at a stop. Only the router can wait for it,
// and not for what it cannot look into.
const (
	mayFinish   = ". Workers may finish what they have; after that they end."
	tunnelsEnd  = ". Requests may finish; tunnels end with the workers."
	stopsAtOnce = ". Workers are told to stop at once; what they do not finish by themselves is cut off."
)

// atStake says what a stop would cut short and how, or nothing.
func atStake(s *cluster.Snapshot) string {
	if inKernel(s) {
		return kernelAtStake(s)
	}
	if !s.Traffic.Known {
		return plainAtStake(s)
	}
	var parts []string
	if n := s.Traffic.InFlight; n > 0 {
		parts = append(parts, amount(n, "request")+" in flight")
	}
	if n := s.Traffic.Held; n > 0 {
		parts = append(parts, amount(n, "request")+" held")
	}
	if n := s.Traffic.Tunnels; n > 0 {
		parts = append(parts, amount(n, "open tunnel"))
	}
	if len(parts) == 0 {
		return ""
	}
	if s.Traffic.Tunnels > 0 {
		return strings.Join(parts, ", ") + tunnelsEnd
	}
	return strings.Join(parts, ", ") + mayFinish
}

// kernelAtStake is atStake where only connections are known.
func kernelAtStake(s *cluster.Snapshot) string {
	if sum, _ := sockets(s); sum.Conns+sum.Waiting > 0 {
		return amount(sum.Conns+sum.Waiting, "open connection") + stopsAtOnce
	}
	return ""
}

// plainAtStake is atStake for workers without a port: what they are at, nobody
// knows.
func plainAtStake(s *cluster.Snapshot) string {
	n := 0
	for _, w := range s.Workers {
		if w.State == cluster.StateReady {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return amount(n, "worker") + " at work" + stopsAtOnce
}

// stop asks the master to stop. The screen stays until it has.
func (m *model) stop() tea.Cmd {
	m.quitting = true
	return request("", func() error { m.master.Stop(); return nil })
}

// interrupt stops the cluster the first time, kills what is left the second
// time, and leaves whatever happens the third time.
func (m *model) interrupt() tea.Cmd {
	m.overlay = nil
	switch {
	case m.err != nil:
		return tea.Quit
	case m.stopping():
		m.err = ErrForced
		return tea.Sequence(request("", func() error { m.master.Stop(); return nil }), tea.Quit)
	}
	return m.stop()
}

// refuseSuspend says why ctrl+z, which leaves other programs for the shell, does
// not do so here: the master would stand still, too, and not the screen alone.
func (m *model) refuseSuspend() {
	what := "the requests"
	if !m.snap.Traffic.Known { // none pass through the master
		what = "restarts"
	}
	m.say(note{toneMuted, "ctrl+z would stop " + what + " too; q quits, or use another terminal"})
}
