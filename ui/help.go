package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/ui/internal/draw"
)

// helpPage lists all keys.
type helpPage struct {
	top int // first line shown, if there is no room for all
}

// helpKeyWidth is the column of the keys' names.
const (
	helpKeyWidth = 8
	helpWidth    = 54
)

func (h *helpPage) onKey(m *model, k tea.KeyMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.Close):
		m.overlay = nil
	case key.Matches(k, m.keys.Up):
		h.top--
	case key.Matches(k, m.keys.Down):
		h.top++
	}
	return nil
}

func (h *helpPage) box(v *view, width, height int) []string {
	w := min(helpWidth, width)
	inner := w - draw.BoxEdge
	if inner < 16 || height < 6 {
		return nil
	}
	all := helpLines(v, inner)
	rows := min(len(all), height-draw.BoxRows-2)
	h.top = max(0, min(h.top, len(all)-rows))
	b := draw.Box{Title: "help", Edge: v.Accent}
	if rows < len(all) {
		b.Right = []draw.Chunk{draw.Of(1, v.Muted, v.UpDown+" more")}
	}
	if v.version != "" {
		b.Foot = []draw.Chunk{draw.Of(0, v.Muted, "gcl-tui "+v.version)}
	}
	return b.Draw(v.Pen, w, rows+draw.BoxRows, all[h.top:h.top+rows])
}

func helpLines(v *view, width int) []string {
	var lines []string
	for i, g := range v.keys.groups() {
		if i > 0 {
			lines = append(lines, v.Line(width).String())
		}
		lines = append(lines, v.Line(width).Text(v.Strong, g.title).String())
		for _, b := range g.keys {
			l := v.Line(width).Space(2).Left(v.Key, v.keyName(b), helpKeyWidth)
			lines = append(lines, l.Text(draw.Plain, b.Help().Desc).String())
		}
	}
	return lines
}

func (h *helpPage) brief() string { return "help" }

func (h *helpPage) hints(k KeyMap) []hint {
	return []hint{{k.Close, 1}, {merged(k.Force, "stop"), 2}}
}
