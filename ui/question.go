package ui

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"gcl-tui/ui/internal/draw"
)

// question asks before something that cannot be undone. No is the default.
type question struct {
	title, text string
	verb        string // what yes does, in a word
	yes         func() tea.Cmd
	onYes       bool // the choice that enter takes
}

const questionWidth = 48

func (q *question) onKey(m *model, k tea.KeyMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.Left):
		q.onYes = false
	case key.Matches(k, m.keys.Next):
		q.onYes = !q.onYes
	case key.Matches(k, m.keys.No), key.Matches(k, m.keys.Choose) && !q.onYes:
		m.overlay = nil
	case key.Matches(k, m.keys.Yes), key.Matches(k, m.keys.Choose):
		m.overlay = nil
		return q.yes()
	}
	return nil
}

func (q *question) box(v *view, width, height int) []string {
	w := min(questionWidth, width-2)
	inner := w - draw.BoxEdge
	if inner < 16 {
		return nil
	}
	text := strings.Split(ansi.Wordwrap(q.text, inner, ""), "\n")
	h := len(text) + 2 + draw.BoxRows
	if h > height-2 {
		return nil
	}
	var body []string
	for _, t := range text {
		body = append(body, v.Line(inner).Text(draw.Plain, t).String())
	}
	body = append(body, v.Line(inner).String(), q.buttons(v, inner))
	return draw.Box{Title: q.title, Edge: v.Warn}.Draw(v.Pen, w, h, body)
}

// buttons marks the choice with brackets, for those who see no colours.
func (q *question) buttons(v *view, width int) string {
	no, yes := "[ no ]", "  "+q.verb+"  "
	noStyle, yesStyle := v.Title, v.Muted
	if q.onYes {
		no, yes = "  no  ", "[ "+q.verb+" ]"
		noStyle, yesStyle = v.Muted, v.Alarm
	}
	l := v.Line(width)
	l.Space(width-len(no)-len(yes)-2).Text(noStyle, no).Space(2).Text(yesStyle, yes)
	return l.String()
}

func (q *question) brief() string { return q.title }

func (q *question) hints(k KeyMap) []hint {
	return []hint{{k.No, 1}, {merged(k.Yes, q.verb), 1}}
}
