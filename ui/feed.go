package ui

import (
	"slices"
	"strings"
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
	took time.Duration // to be ready, or up to the crash; the longest of those merged
	back time.Duration // until a crashed worker is started again, if it waits
}

// feed is the latest entries, newest first.
type feed struct{ entries []entry }

// add takes in an event, if it is one for the feed.
func (f *feed) add(p draw.Pen, e cluster.Event) {
	if r, ok := e.Data.(cluster.RestartScheduled); ok {
		f.amend(r)
		return
	}
	if n, ok := digest(p, e); ok {
		f.put(n)
	}
}

// missed takes in that events were lost.
func (f *feed) missed(n uint64, now time.Time) {
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
func (f *feed) amend(r cluster.RestartScheduled) {
	for i, e := range f.entries[:min(len(f.entries), mergeEntries)] {
		if e.isCrash() && slices.Contains(e.slots, r.Worker) {
			f.entries = slices.Clone(f.entries)
			f.entries[i].back = ms(r.DelayMS)
			return
		}
	}
}

func (e entry) isCrash() bool { return strings.HasPrefix(e.kind, kindCrash) }

// text returns what the entry says.
func (e entry) text(p draw.Pen) string {
	text := e.note.text
	switch {
	case e.isCrash():
		return e.crashText()
	case e.took > 0 && e.times > 1:
		return text + ", the slowest in " + p.Latency(e.took)
	case e.took > 0:
		return text + " in " + p.Latency(e.took)
	}
	return text
}

// crashText has the reason last: it is the longest part, and the one that may
// be cut.
func (e entry) crashText() string {
	text := "crashed"
	if e.times > 1 {
		text += " " + draw.Count(e.times) + " times"
	} else {
		text += " after " + draw.Age(e.took)
	}
	if e.back > 0 {
		text += ", back in " + draw.Countdown(e.back)
	}
	return text + ": " + e.note.text
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
