package ui

import (
	"fmt"
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
	// endEntries is how far back the beginning is looked for of what has ended.
	endEntries = 20
	// worthWaiting is the least delay of a restart that a line tells: a shorter
	// one is over before it is read, and the reason needs the room.
	worthWaiting = time.Second
)

// entry is a line of the feed: what happened, to whom, how often.
type entry struct {
	at    time.Time
	note  note
	slots []int // whom it concerns; none if all
	times int
	// kind is equal for entries that may become one; empty if it stays alone.
	kind string
	// ends is the kind of an entry that this one takes the place of, if it is
	// not long ago.
	ends string
	// brief says the same in fewer words, for where there is too little room.
	brief string
	took  time.Duration // to be ready, or up to the crash; the longest of those merged
	back  time.Duration // until a crashed worker is started again, if it waits
}

// feed is the latest entries, newest first.
type feed struct {
	entries []entry
	newest  int // generation that was built
}

// add takes in an event, if it is one for the feed.
func (f *feed) add(p draw.Pen, e cluster.Event) {
	if r, ok := e.Data.(cluster.RestartScheduled); ok {
		f.amend(r)
		return
	}
	if n, ok := digest(p, e); ok {
		if d, ok := e.Data.(cluster.BuildDone); ok {
			f.built(d, &n)
		}
		f.put(n)
	}
}

// built adds to what was built that it is no other program than before, as after
// a mistake that was mended: nothing else will happen.
func (f *feed) built(d cluster.BuildDone, n *entry) {
	if d.Generation <= f.newest {
		n.note.text += " as it was"
	}
	f.newest = max(f.newest, d.Generation)
}

// missed takes in that events were lost.
func (f *feed) missed(n uint64, now time.Time) {
	f.put(entry{at: now, note: note{toneWarn, draw.Count(n) + " events missed"}})
}

// put adds an entry in front, together with a recent one of its kind. Entries
// once shown to a view are never written again, so a merged one is a new one.
func (f *feed) put(e entry) {
	e.times = max(e.times, 1)
	f.end(e.ends)
	if i := f.like(e); i >= 0 {
		old := f.entries[i]
		if e.slots = union(old.slots, e.slots); len(e.slots) > 1 {
			e.took = max(e.took, old.took)
		}
		e.times += old.times
		f.entries = slices.Concat(f.entries[:i], f.entries[i+1:])
	}
	f.entries = slices.Insert(f.entries[:min(len(f.entries), keptEntries-1):min(len(f.entries), keptEntries-1)], 0, e)
}

// end takes out the entry of something that went on and has ended.
func (f *feed) end(kind string) {
	for i, e := range f.entries[:min(len(f.entries), endEntries)] {
		if kind != "" && e.kind == kind {
			f.entries = slices.Concat(f.entries[:i], f.entries[i+1:])
			return
		}
	}
}

// like returns the index of the entry that e becomes one with, or -1. What
// stands alone parts what came before from what follows from it: the workers
// ready after a scale-up are not those ready before.
func (f *feed) like(e entry) int {
	var since ends
	for i, old := range f.entries[:min(len(f.entries), mergeEntries)] {
		switch {
		case e.kind == "" || old.kind == "":
			return -1
		case old.kind != e.kind:
			since.note(old, e)
		case e.joins(old, since):
			return i
		default:
			return -1
		}
	}
	return -1
}

// ends are those of workers that an entry is about, between it and a former one.
type ends struct {
	of      []int // whose, and of whom else the same line tells
	crashes bool  // they are of no other kind
}

// note takes in an entry, if it tells of the end of a worker that e is about.
func (s *ends) note(old, e entry) {
	if old.isEnd() && e.shares(old) {
		s.crashes = old.isCrash() && (s.of == nil || s.crashes)
		s.of = union(s.of, old.slots)
	}
}

// joins is true if e and old, of the same kind, are parts of one happening. That a
// worker is ready or stopped again is news of its own, unless it is the only one and
// has crashed meanwhile: the line of the crashes tells how often. What follows an
// end has nothing to do with those who did not end.
func (e entry) joins(old entry, since ends) bool {
	switch {
	case e.at.Sub(old.at) > mergeWithin:
		return false
	case e.isCrash(), e.kind == kindGivenUp:
		return true
	case since.of == nil:
		return !e.shares(old)
	case e.shares(old):
		return since.crashes && slices.Equal(e.slots, old.slots)
	}
	return slices.Equal(union(since.of, old.slots), since.of)
}

// shares is true if e and old concern some worker both.
func (e entry) shares(old entry) bool {
	return slices.ContainsFunc(e.slots, func(s int) bool { return slices.Contains(old.slots, s) })
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

// isEnd is true if e tells that workers have ended, asked to or not.
func (e entry) isEnd() bool { return e.isCrash() || strings.HasPrefix(e.kind, kindStopped) }

// text returns what the entry says.
func (e entry) text(p draw.Pen) string {
	text := e.note.text
	switch {
	case e.isCrash():
		return e.crashText(p)
	case e.kind == kindGivenUp && len(e.slots) > 1: // each with figures of its own
		return "crash loops, given up; x starts the selected one again"
	case e.took > 0 && len(e.slots) > 1:
		return text + ", the slowest in " + p.Latency(e.took)
	case e.took > 0:
		return text + " in " + p.Latency(e.took)
	}
	return text
}

// crashText has the reason last: it is the longest part, and the one that may
// be cut.
func (e entry) crashText(p draw.Pen) string {
	text := "crashed"
	if e.times > 1 {
		text += " " + draw.Count(e.times) + " times"
	} else {
		text += " after " + p.Latency(e.took)
	}
	if e.back >= worthWaiting {
		text += ", back in " + draw.Countdown(e.back)
	}
	return text + ": " + e.note.text
}

func union(a, b []int) []int {
	out := slices.Concat(a, b)
	slices.Sort(out)
	return slices.Compact(out)
}

// slotNames returns slots as a short list, runs as ranges: "w1-w4 w7". Where that
// is wider than width, it ends with how many more there are: "w1 w4 +29".
func slotNames(p draw.Pen, slots []int, width int) string {
	var out string
	for i := 0; i < len(slots); {
		j := i
		for j+1 < len(slots) && slots[j+1] == slots[j]+1 {
			j++
		}
		name := slotName(slots[i])
		switch {
		case j == i+1:
			name += " " + slotName(slots[j])
		case j > i:
			name += p.Dash + slotName(slots[j])
		}
		rest := ""
		if n := len(slots) - j - 1; n > 0 {
			rest = fmt.Sprintf(" +%d", n)
		}
		if i > 0 && draw.Width(out+" "+name+rest) > width {
			return fmt.Sprintf("%s +%d", out, len(slots)-i)
		}
		if i > 0 {
			out += " "
		}
		out += name
		i = j + 1
	}
	return out
}
