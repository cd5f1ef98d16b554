package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"gcl-tui/cluster"
)

// Every frame fills the screen to the cell at every size, whatever it shows and
// whatever lies over it. Each size gets one of the combinations in turn.
func TestFrameFillsEverySize(t *testing.T) {
	overlays := []overlay{nil, helpPage(), errorsPage(), &question{title: "kill w1?", text: strings.Repeat("long words ", 9), verb: "kill"}}
	var models []*model
	for _, s := range []*cluster.Snapshot{fixture(), crowd(100, 70), {}} {
		for _, o := range overlays {
			md := testModel(newFakeMaster(s), Options{}, fixtureEvents()...)
			md.overlay = o
			models = append(models, md)
		}
	}
	for w := range 201 {
		for h := range 61 {
			if h > 20 && (w+h)%4 != 0 {
				continue // a sample of the larger ones: all would take a minute with -race
			}
			md := models[(w*7+h)%len(models)]
			md.resize(w, h)
			checkFrame(t, screenText(md), w, h)
		}
	}
}

// stripped returns a frame without its colours.
func stripped(frame string) string { return ansi.Strip(frame) }

func checkFrame(t *testing.T, frame string, w, h int) {
	t.Helper()
	lines := strings.Split(frame, "\n")
	if h == 0 {
		if frame != "" {
			t.Fatalf("%dx%d: %d lines, want none", w, h, len(lines))
		}
		return
	}
	if len(lines) != h {
		t.Fatalf("%dx%d: %d lines", w, h, len(lines))
	}
	for i, l := range lines {
		if got := ansi.StringWidth(l); got != w {
			t.Fatalf("%dx%d: line %d is %d wide: %q", w, h, i, got, ansi.Strip(l))
		}
	}
}
