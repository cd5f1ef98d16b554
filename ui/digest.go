package ui

import (
	"fmt"
	"time"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// Kinds of entries that become one.
const (
	kindReady   = "ready"
	kindStopped = "stopped"
	kindCrash   = "crash "
)

// digest returns the line of the feed for an event. Steps that the table shows
// while they last (a start, a drain) get none.
func digest(p draw.Pen, e cluster.Event) (entry, bool) {
	out := entry{at: e.Time}
	switch d := e.Data.(type) {
	case cluster.ClusterStarted:
		out.note = note{tonePlain, fmt.Sprintf("%s, balance %s, adoption %s",
			amount(d.Workers, "worker"), d.Balance, p.Clean(d.Adoption))}
	case cluster.PortOpened:
		out.note = note{toneGood, "listening on " + p.Clean(d.Addr)}
	case cluster.WorkerReady:
		out.note = note{toneGood, "ready"}
		out.slots, out.kind, out.took = []int{d.Worker}, kindReady, ms(d.TookMS)
	case cluster.WorkerExited:
		exited(p, d, &out)
	case cluster.CrashLoop:
		out.slots = []int{d.Worker}
		window := draw.Age(ms(d.WindowMS))
		if d.WindowMS < 1000 {
			window = p.Latency(ms(d.WindowMS))
		}
		out.note = note{toneCrit, fmt.Sprintf("crash loop: %d crashes in %s, given up; x starts it again", d.Crashes, window)}
	case cluster.Scaled:
		out.note = note{toneBusy, fmt.Sprintf("scaled %d %s %d (%s)", d.From, p.Arrow, d.To, p.Clean(d.By))}
	case cluster.Warning:
		out.note = note{toneWarn, p.Clean(d.Text)}
	case cluster.ClusterStopped:
		out.note = note{tonePlain, "all workers stopped in " + p.Latency(ms(d.TookMS))}
	default:
		return reloadDigest(p, e)
	}
	return out, true
}

// exited fills in the end of a worker.
func exited(p draw.Pen, d cluster.WorkerExited, out *entry) {
	out.slots = []int{d.Worker}
	if d.Expected {
		out.note, out.kind = note{toneMuted, "stopped"}, kindStopped
		return
	}
	reason := p.Clean(d.Reason)
	out.kind, out.took = kindCrash+reason, ms(d.UptimeMS)
	out.note = note{toneCrit, reason}
}

// reloadDigest is digest for the events of a rolling restart.
func reloadDigest(p draw.Pen, e cluster.Event) (entry, bool) {
	out := entry{at: e.Time}
	switch d := e.Data.(type) {
	case cluster.ReloadStarted:
		out.note = note{toneBusy, fmt.Sprintf("rolling restart, gen %d (%s)", d.Generation, p.Clean(d.Cause))}
	case cluster.ReloadDone:
		t := toneGood
		if d.Failed > 0 {
			t = toneWarn
		}
		out.note = note{t, fmt.Sprintf("rolled in %s: %s served, %s failed, longest wait %s",
			p.Latency(ms(d.TookMS)), draw.Count(d.Requests), draw.Count(d.Failed), longest(p, d.MaxWaitMS))}
	case cluster.ReloadFailed:
		out.note = note{toneCrit, fmt.Sprintf("rolling restart failed: %s; the old workers go on", p.Clean(d.Why))}
	default:
		return entry{}, false
	}
	return out, true
}

// longest returns a wait that was measured in whole milliseconds.
func longest(p draw.Pen, waitMS int64) string {
	if waitMS == 0 {
		return "<1ms"
	}
	return p.Latency(ms(waitMS))
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
