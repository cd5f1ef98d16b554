package ui

import (
	"time"

	"gcl-tui/ui/internal/draw"
)

// eventsPane is what happened, newest first.
func eventsPane(v *view, f form, r rect) []string {
	if f != formBox {
		lines := feedLines(v, r.w-1, r.h)
		for i := range lines {
			lines[i] = " " + lines[i]
		}
		return v.pad(lines, r.w, r.h)
	}
	box := draw.Box{Title: "events", Foot: whatChunks(v)}
	if v.toast.text != "" {
		box.Foot = []draw.Chunk{v.toast.chunk(v.Pen)}
	}
	return box.Draw(v.Pen, r.w, r.h, feedLines(v, r.w-draw.BoxEdge, r.h-draw.BoxRows))
}

// feedLines returns at most height entries.
func feedLines(v *view, width, height int) []string {
	var lines []string
	for _, e := range v.feed[:min(len(v.feed), max(0, height))] {
		lines = append(lines, entryLine(v, width, e))
	}
	return lines
}

// clock returns the time of day, or the day if it is not today.
func (v *view) clock(t time.Time) string {
	if t.YearDay() != v.now.YearDay() || t.Year() != v.now.Year() {
		return t.Format("02 Jan")
	}
	return t.Format(time.TimeOnly)
}

// namesShare is the part of an entry that names of slots may take: what happened
// follows them.
const namesShare = 3

func entryLine(v *view, width int, e entry) string {
	how := e.note.tone.style(v.Pen)
	l := v.Line(width).Left(v.Muted, v.clock(e.at), len(time.TimeOnly)).Space(1)
	l.Text(how, e.note.tone.glyph(v.Pen)).Space(1)
	if len(e.slots) > 0 {
		l.Text(v.Strong, slotNames(v.Pen, e.slots, l.Rest()/namesShare)).Space(1)
	}
	// Only trouble has its whole line coloured.
	if e.note.tone < toneWarn && e.note.tone != toneMuted {
		how = draw.Plain
	}
	text := e.text(v.Pen)
	if e.brief != "" && draw.Width(text) > l.Rest() {
		text = e.brief
	}
	return l.Text(how, text).String()
}
