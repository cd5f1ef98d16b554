package ui

import (
	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// stateLook is how a state of a worker is shown, and what it means for keys.
type stateLook struct {
	tone  tone
	glyph func(*draw.Glyphs) string // stands beside the state's name
	// down: no process runs that the stop key could stop; it starts one.
	down bool
	// leaving: it takes no requests any more.
	leaving bool
	// lasting: it goes on until something happens.
	lasting bool
}

var stateLooks = map[cluster.State]stateLook{
	cluster.StateStarting: {tone: toneBusy, glyph: func(g *draw.Glyphs) string { return g.Starting }},
	cluster.StateReady:    {tone: toneGood, glyph: func(g *draw.Glyphs) string { return g.Ready }, lasting: true},
	cluster.StateDraining: {tone: toneMuted, glyph: func(g *draw.Glyphs) string { return g.Draining }, leaving: true},
	cluster.StateStopping: {tone: toneMuted, glyph: func(g *draw.Glyphs) string { return g.Stopping }, leaving: true},
	cluster.StateBackoff:  {tone: toneWarn, glyph: func(g *draw.Glyphs) string { return g.Backoff }, down: true},
	cluster.StateFailed:   {tone: toneCrit, glyph: func(g *draw.Glyphs) string { return g.Failed }, down: true, lasting: true},
	cluster.StateExited:   {tone: toneMuted, glyph: func(g *draw.Glyphs) string { return g.Exited }, down: true, leaving: true, lasting: true},
}

// lookOf returns how a state is shown; one not known here is shown by its name.
func lookOf(s cluster.State) stateLook {
	if l, ok := stateLooks[s]; ok {
		return l
	}
	return stateLook{glyph: func(g *draw.Glyphs) string { return g.Dot }}
}

// waits says whether a slot has no worker because there is no program yet that
// it could run.
func waits(w cluster.Worker) bool {
	return w.State == cluster.StateExited && w.Note == cluster.NoteWaits
}

// waitingText is stateText for a slot that waits.
func (v *view) waitingText() draw.Span {
	if v.snap.Source.Building.IsZero() {
		return draw.Span{Style: v.Muted, Text: v.Starting + " waiting"}
	}
	return draw.Span{Style: v.Accent, Text: v.Starting + " building"}
}

// stateText returns a state as it is shown, with a glyph besides its colour.
func (v *view) stateText(s cluster.State) draw.Span {
	look := lookOf(s)
	return draw.Span{Style: look.tone.style(v.Pen), Text: look.glyph(v.Glyphs) + " " + string(s)}
}

// stateOrder lists the states as they are counted on the screen, the most
// urgent first. Ready workers are counted apart.
var stateOrder = []cluster.State{
	cluster.StateFailed, cluster.StateBackoff, cluster.StateStarting,
	cluster.StateDraining, cluster.StateStopping, cluster.StateExited,
}
