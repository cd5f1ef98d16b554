package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"gcl-tui/ui/internal/draw"
)

// page is a text over the panes that can be scrolled.
type page struct {
	title string
	width int // at most, with the frame
	lines func(v *view, width int) []string
	foot  func(v *view) string
	top   int // first line shown, if there is no room for all
	rows  int // lines shown
	count int // lines there are
}

func (p *page) onKey(m *model, k tea.KeyMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.Close):
		m.overlay = nil
	case key.Matches(k, m.keys.Up):
		p.top--
	case key.Matches(k, m.keys.Down):
		p.top++
	case key.Matches(k, m.keys.PageUp):
		p.top -= max(1, p.rows-1)
	case key.Matches(k, m.keys.PageDown):
		p.top += max(1, p.rows-1)
	case key.Matches(k, m.keys.First):
		p.top = 0
	case key.Matches(k, m.keys.Last):
		p.top = p.count
	}
	return nil
}

func (p *page) box(v *view, width, height int) []string {
	w := min(p.width, width)
	inner := w - draw.BoxEdge
	if inner < 16 || height < 6 {
		return nil
	}
	all := p.lines(v, inner)
	rows := min(len(all), height-draw.BoxRows-2)
	p.rows, p.count = rows, len(all)
	p.top = max(0, min(p.top, len(all)-rows))
	b := draw.Box{Title: p.title, Edge: v.Accent}
	if rows < len(all) {
		b.Right = []draw.Chunk{draw.Of(1, v.Muted, v.UpDown+" more")}
	}
	if foot := p.foot(v); foot != "" {
		b.Foot = []draw.Chunk{draw.Of(0, v.Muted, foot)}
	}
	return b.Draw(v.Pen, w, rows+draw.BoxRows, all[p.top:p.top+rows])
}

func (p *page) brief() string { return p.title }

func (p *page) hints(k KeyMap) []hint {
	return []hint{{k.Close, 1}, {k.Force, 2}}
}
