package ui

import (
	"slices"
	"strings"
	"testing"

	"gcl-tui/cluster"
)

func TestProgramKeys(t *testing.T) {
	first := watched()
	first.Generation, first.Target, first.Previous = 1, 1, 0
	off := watched()
	script := watched()
	script.Previous, script.Source.What = 0, "watching the tree of . (python3 app.py) · no build"
	off.Source.What = "not watching (--watch=false) · go build ."
	for _, c := range []struct {
		name, key string
		snap      *cluster.Snapshot
		call      string // what the master is asked, if anything
		toast     string
		footer    bool // the footer names the key
	}{
		{"pause", "w", watched(), "watch false", "watch paused: changes wait until w", true},
		{"go on", "w", paused(), "watch true", "watching again", true},
		{"nothing is watched", "w", fixture(), "", "nothing is watched", false},
		{"watching is off", "w", off, "", "nothing is watched", false},
		{"build", "b", watched(), "build", "building now", true},
		{"build, not watching", "b", off, "build", "building now", true},
		{"nothing to build", "b", fixture(), "", "there is nothing to build", false},
		{"roll back", "B", watched(), "roll back by you", "rolling back to gen 6", true},
		{"call off", "B", midway(), "roll back by you", "calling gen 8 off, back to gen 7", true},
		{"nothing before", "B", first, "", "there is no generation before 1 to go back to", false},
		{"nothing kept", "B", script, "", "what is not built is not kept: there is nothing to go back to", false},
		{"roll what there is not", "R", waiting(), "reload you", "", false},
		{"roll while another is on its way", "R", midway(), "reload you", "", false},
		{"start a slot that waits", "x", waiting(), "", "w1 waits for the new program", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := newFakeMaster(c.snap)
			md := testModel(m, Options{})
			md.resize(120, 36)
			if got := slices.Contains(footerKeys(c.snap, ""), c.key); got != c.footer {
				t.Errorf("the footer names %s: %v", c.key, got)
			}
			press(md, c.key)
			if got := strings.Join(m.called(), "; "); got != c.call {
				t.Errorf("the master is asked %q, want %q", got, c.call)
			}
			if !strings.Contains(stripped(screenText(md)), c.toast) {
				t.Errorf("the screen does not say %q", c.toast)
			}
		})
	}
}

func TestRolloutProgress(t *testing.T) {
	before := watched()
	before.Reloading, before.Target = true, 8
	back := midway() // the other way
	back.Generation, back.Target = 7, 7
	for name, c := range map[string]struct {
		snap *cluster.Snapshot
		want rolling
	}{
		"the canary starts":         {before, rolling{true, 7, 8, 0, 4}},
		"the new generation serves": {midway(), rolling{true, 7, 8, 2, 4}},
		"back again":                {back, rolling{true, 8, 7, 3, 4}},
		"nothing goes on":           {watched(), rolling{}},
	} {
		var r roll
		if got := r.progress(c.snap); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
