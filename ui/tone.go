package ui

import (
	"gcl-tui/cluster"
	"gcl-tui/theme"
	"gcl-tui/ui/internal/draw"
)

// tone is how a text is meant. Each has a glyph besides its colour.
type tone int

const (
	tonePlain tone = iota
	toneMuted
	toneBusy // something goes on
	toneGood
	toneWarn
	toneCrit
)

func (t tone) style(p draw.Pen) theme.Style {
	switch t {
	case toneMuted:
		return p.Muted
	case toneBusy:
		return p.Accent
	case toneGood:
		return p.Good
	case toneWarn:
		return p.Warn
	case toneCrit:
		return p.Crit
	}
	return draw.Plain
}

func (t tone) glyph(p draw.Pen) string {
	switch t {
	case toneBusy:
		return p.Cycle
	case toneGood:
		return p.Done
	case toneWarn:
		return p.Warning
	case toneCrit:
		return p.Bad
	}
	return p.Dot
}

// chunk returns the note as a part of a line.
func (n note) chunk(p draw.Pen) draw.Chunk {
	return draw.Of(0, n.tone.style(p), n.tone.glyph(p)+" "+n.text)
}

// stateOrder lists the states as they are counted on the screen, the most
// urgent first.
var stateOrder = []cluster.State{
	cluster.StateFailed, cluster.StateBackoff, cluster.StateStarting,
	cluster.StateDraining, cluster.StateStopping, cluster.StateExited,
}

// stateTone returns how a state is meant.
func stateTone(s cluster.State) tone {
	switch s {
	case cluster.StateReady:
		return toneGood
	case cluster.StateStarting:
		return toneBusy
	case cluster.StateBackoff:
		return toneWarn
	case cluster.StateFailed:
		return toneCrit
	}
	return toneMuted
}

// stateGlyph returns the mark of a state, which stands beside its name.
func stateGlyph(p draw.Pen, s cluster.State) string {
	switch s {
	case cluster.StateStarting:
		return p.Starting
	case cluster.StateReady:
		return p.Ready
	case cluster.StateDraining:
		return p.Draining
	case cluster.StateStopping:
		return p.Stopping
	case cluster.StateBackoff:
		return p.Backoff
	case cluster.StateFailed:
		return p.Failed
	}
	return p.Exited
}
