package ui

import (
	"strings"
	"time"

	"github.com/charmbracelet/bubbles/key"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// staleAfter is the age from which a snapshot is marked as old.
const staleAfter = 2 * time.Second

// view is what a frame shows. Panes read it and change nothing.
type view struct {
	draw.Pen
	now     time.Time
	snap    *cluster.Snapshot
	feed    []entry // newest first
	slot    int     // the selected one
	top     int     // index of the first row of the table shown
	hot     map[int]bool
	rolling rolling
	toast   note // its text is empty if there is none
	keys    KeyMap
	hints   []hint
	asking  string // the overlay in a few words
	framed  bool   // the events have a frame, which carries the toast
	version string

	stopping bool
}

func (m *model) view() *view {
	now := m.opts.Now()
	v := &view{
		Pen: m.pen, now: now, snap: m.snap, feed: m.feed.entries,
		slot: m.cursor.slot, top: m.cursor.top, hot: m.errors.hot(now),
		toast: m.toast.note, keys: m.keys, hints: m.hints(),
		version: m.opts.Version, stopping: m.stopping(),
	}
	v.rolling = m.roll.progress(m.snap)
	if m.overlay != nil {
		v.asking = m.overlay.brief()
	}
	return v
}

// age returns how old the snapshot is if that is too old, else 0.
func (v *view) age() time.Duration {
	if v.snap.Time.IsZero() {
		return 0
	}
	if d := v.now.Sub(v.snap.Time); d > staleAfter {
		return d
	}
	return 0
}

// count returns how many workers are in a state. Slots that wait for a program
// are in none.
func (v *view) count(s cluster.State) int {
	n := 0
	for _, w := range v.snap.Workers {
		if w.State == s && !waits(w) {
			n++
		}
	}
	return n
}

// ready returns how many slots have a worker that is ready. While one is being
// replaced there may be two of them.
func (v *view) ready() int {
	n, last := 0, 0
	for _, w := range v.snap.Workers {
		if w.State == cluster.StateReady && w.Slot != last {
			n, last = n+1, w.Slot
		}
	}
	return n
}

// plain is the style of ordinary text, as a span.
func plain(text string) draw.Span { return draw.Span{Text: text} }

func (v *view) muted(text string) draw.Span { return draw.Span{Style: v.Muted, Text: text} }

func (v *view) toned(t tone, text string) draw.Span {
	return draw.Span{Style: t.style(v.Pen), Text: text}
}

// figure returns a chunk of a muted label and a figure in a tone.
func (v *view) figure(rank int, label string, t tone, value string) draw.Chunk {
	return draw.Labelled(rank, v.muted(label), v.toned(t, value))
}

// keyName returns the name of a key in the glyphs there are.
func (v *view) keyName(b key.Binding) string {
	name := b.Help().Key
	if !v.ASCII {
		return name
	}
	return strings.NewReplacer("↑", "up", "↓", "down", "←", "left", "→", "right").Replace(name)
}
