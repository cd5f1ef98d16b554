package ui

import (
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

// style returns the colour of a tone.
func (t tone) style(p draw.Pen) theme.Style {
	return [...]theme.Style{
		tonePlain: draw.Plain, toneMuted: p.Muted, toneBusy: p.Accent,
		toneGood: p.Good, toneWarn: p.Warn, toneCrit: p.Crit,
	}[t]
}

// glyph returns the mark that stands for a tone where there are no colours.
func (t tone) glyph(p draw.Pen) string {
	return [...]string{
		tonePlain: p.Dot, toneMuted: p.Dot, toneBusy: p.Cycle,
		toneGood: p.Done, toneWarn: p.Warning, toneCrit: p.Bad,
	}[t]
}

// chunk returns the note as a part of a line.
func (n note) chunk(p draw.Pen) draw.Chunk {
	return draw.Of(0, n.tone.style(p), n.tone.glyph(p)+" "+n.text)
}
