package ui

import (
	"fmt"
	"strings"
	"time"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// Kinds of entries that become one.
const (
	kindReady   = "ready"
	kindStopped = "stopped"
	kindCrash   = "crash "
	kindGivenUp = "given up"
	// kindBuild is a build that goes on: what comes of it takes its place.
	kindBuild = "build"
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
		out.slots, out.kind = []int{d.Worker}, kindGivenUp
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
	case cluster.ReloadStarted, cluster.ReloadDone, cluster.ReloadFailed, cluster.RolledBack:
		return reloadDigest(p, e)
	default:
		return sourceDigest(p, e)
	}
	return out, true
}

// exited fills in the end of a worker.
func exited(p draw.Pen, d cluster.WorkerExited, out *entry) {
	out.slots = []int{d.Worker}
	reason := p.Clean(d.Reason)
	switch {
	case d.Expected && d.Signal == "SIGKILL": // it was not given time, or took too much
		out.note, out.kind = note{toneWarn, reason}, kindStopped+" "+reason
		return
	case d.Expected:
		out.note, out.kind = note{toneMuted, "stopped"}, kindStopped
		return
	}
	out.kind, out.took = kindCrash+reason, ms(d.UptimeMS)
	out.note = note{toneCrit, reason}
}

// reloadDigest is digest for the replacement of all workers, by those of the same
// generation or of another.
func reloadDigest(p draw.Pen, e cluster.Event) (entry, bool) {
	out := entry{at: e.Time}
	switch d := e.Data.(type) {
	case cluster.ReloadStarted:
		out.note = note{toneBusy, fmt.Sprintf("gen %d: rolling%s", d.Generation, because(p.Clean(d.Cause)))}
	case cluster.ReloadDone:
		t := toneGood
		if d.Failed > 0 {
			t = toneWarn
		}
		took, wait := p.Latency(ms(d.TookMS)), longest(p, d.MaxWaitMS)
		out.note = note{t, fmt.Sprintf("gen %d rolled in %s: %s served, %s failed, longest wait %s",
			d.Generation, took, draw.Count(int64(d.Requests)), draw.Count(int64(d.Failed)), wait)}
		// The figure that matters most first: the end may be cut.
		out.brief = fmt.Sprintf("rolled in %s: %s failed, %s served, wait %s",
			took, draw.Short(int64(d.Failed)), draw.Short(int64(d.Requests)), wait)
	case cluster.ReloadFailed:
		t := toneCrit
		if e.Level == cluster.LevelWarn { // something newer came before it was done
			t = toneWarn
		}
		out.note = note{t, fmt.Sprintf("gen %d not rolled: %s", d.Generation, p.Clean(d.Why))}
	case cluster.RolledBack:
		out.note = note{toneWarn, fmt.Sprintf("gen %d serves again", d.Generation)}
	default:
		return entry{}, false
	}
	return out, true
}

// because appends a cause, in parentheses unless it has some itself.
func because(cause string) string {
	if strings.Contains(cause, "(") {
		return ", " + cause
	}
	return " (" + cause + ")"
}

// sourceDigest is digest for what happens to the program's source.
func sourceDigest(p draw.Pen, e cluster.Event) (entry, bool) {
	out := entry{at: e.Time}
	switch d := e.Data.(type) {
	case cluster.WatchChanged:
		out.note = note{tonePlain, changed(p, d.Paths)}
	case cluster.WatchPaused:
		out.note = note{toneWarn, "watch paused: changes wait"}
	case cluster.WatchResumed:
		out.note = note{toneGood, "watching again"}
	case cluster.BuildStarted:
		out.note = note{toneBusy, "building: " + p.Clean(d.Cmd)}
		out.kind, out.ends = kindBuild, kindBuild
	case cluster.BuildFailed:
		out.note, out.ends = note{toneCrit, "build failed" + p.Clean(firstError(d.Errors))}, kindBuild
	case cluster.BuildDone:
		out.note = note{toneGood, fmt.Sprintf("built in %s, gen %d", p.Latency(ms(d.TookMS)), d.Generation)}
		out.ends = kindBuild
	default:
		return entry{}, false
	}
	return out, true
}

// changed names the files that have changed, the first one only if there are
// many.
func changed(p draw.Pen, paths []string) string {
	switch n := len(paths); n {
	case 0:
		return "the source has changed"
	case 1:
		return p.Clean(paths[0]) + " changed"
	default:
		return fmt.Sprintf("%s and %d more changed", p.Clean(paths[0]), n-1)
	}
}

// firstError returns the first of a build's errors and how many there are: the
// number first, as an error is long.
func firstError(errs []cluster.BuildError) string {
	switch n := len(errs); n {
	case 0:
		return ""
	case 1:
		return ": " + errs[0].String()
	default:
		return fmt.Sprintf(", %d errors: %s", n, errs[0])
	}
}

// longest returns a wait that was measured in whole milliseconds.
func longest(p draw.Pen, waitMS cluster.Tally) string {
	switch {
	case waitMS < 0:
		return draw.Unknown
	case waitMS == 0:
		return "<1ms"
	}
	return p.Latency(ms(int64(waitMS)))
}

func ms(n int64) time.Duration { return time.Duration(n) * time.Millisecond }
