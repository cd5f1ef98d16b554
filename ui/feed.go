package ui

import (
	"fmt"
	"slices"
	"time"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

const (
	// keptEntries is how many lines of the feed are kept.
	keptEntries = 500
	// Lines of the same kind become one if they are this close: a rolling
	// restart of many workers, or many crashes alike, would push out all else.
	mergeWithin  = 10 * time.Second
	mergeEntries = 4
)

// entry is a line of the feed: what happened, to whom, how often.
type entry struct {
	at    time.Time
	note  note
	slots []int // whom it concerns; none if all
	times int
	// kind is equal for entries that may become one; empty if it stays alone.
	kind string
	took time.Duration // the longest of those merged, if it matters
}

// feed is the latest entries, newest first.
type feed struct{ entries []entry }

// add takes in an event, if it is one for the feed.
func (f *feed) add(p draw.Pen, e cluster.Event) {
	if r, ok := e.Data.(cluster.RestartScheduled); ok {
		f.amend(p, r)
		return
	}
	if n, ok := digest(p, e); ok {
		f.put(n)
	}
}

// missed takes in that events were lost.
func (f *feed) missed(p draw.Pen, n uint64, now time.Time) {
	f.put(entry{at: now, note: note{toneWarn, draw.Count(n) + " events missed"}})
}

// put adds an entry in front, together with a recent one of its kind. Entries
// once shown to a view are never written again, so a merged one is a new one.
func (f *feed) put(e entry) {
	e.times = max(e.times, 1)
	for i := range min(len(f.entries), mergeEntries) {
		old := f.entries[i]
		if e.kind == "" || old.kind != e.kind || e.at.Sub(old.at) > mergeWithin {
			continue
		}
		e.slots = union(old.slots, e.slots)
		e.times += old.times
		e.took = max(e.took, old.took)
		f.entries = slices.Concat(f.entries[:i], f.entries[i+1:])
		break
	}
	f.entries = slices.Insert(f.entries[:min(len(f.entries), keptEntries-1):min(len(f.entries), keptEntries-1)], 0, e)
}

// amend adds to the latest crash of a worker when it comes back.
func (f *feed) amend(p draw.Pen, r cluster.RestartScheduled) {
	if r.DelayMS == 0 {
		return
	}
	text := "restarts in " + draw.Countdown(time.Duration(r.DelayMS)*time.Millisecond)
	for i, e := range f.entries {
		if i == mergeEntries {
			break
		}
		if e.note.tone == toneCrit && len(e.slots) == 1 && e.slots[0] == r.Worker && e.times == 1 {
			f.entries = slices.Clone(f.entries)
			f.entries[i].note.text += fmt.Sprintf(" %s %s", p.Arrow, text)
			return
		}
	}
}

func union(a, b []int) []int {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// slotNames returns slots as a short list, runs as ranges: "w1-w4 w7".
func slotNames(p draw.Pen, slots []int) string {
	var out string
	for i := 0; i < len(slots); {
		j := i
		for j+1 < len(slots) && slots[j+1] == slots[j]+1 {
			j++
		}
		if i > 0 {
			out += " "
		}
		out += slotName(slots[i])
		switch {
		case j == i+1:
			out += " " + slotName(slots[j])
		case j > i:
			out += p.Dash + slotName(slots[j])
		}
		i = j + 1
	}
	return out
}
