package lines

import (
	"fmt"
	"strings"
	"time"

	"gcl-tui/cluster"
)

// sentence is an event in words.
type sentence struct {
	worker int // 0: the cluster as a whole
	tone   tone
	word   string // what happened
	text   string // the rest
	// errors are the errors of a build, each for a line of its own.
	errors []cluster.BuildError
}

// describe puts an event in words; it returns the zero sentence for one that it
// does not know. Log lines have a form of their own.
func describe(data cluster.EventData) sentence {
	switch d := data.(type) {
	case cluster.WorkerStarted, cluster.WorkerReady, cluster.WorkerDraining, cluster.WorkerExited,
		cluster.RestartScheduled, cluster.CrashLoop:
		return describeWorker(d)
	case cluster.ReloadStarted, cluster.ReloadDone, cluster.ReloadFailed, cluster.RolledBack:
		return describeReload(d)
	case cluster.WatchChanged, cluster.WatchPaused, cluster.WatchResumed,
		cluster.BuildStarted, cluster.BuildFailed, cluster.BuildDone:
		return describeSource(d)
	case cluster.ClusterStarted:
		return sentence{tone: toneInfo, word: "started", text: fmt.Sprintf("%s, balance %s, adoption %s", count(d.Workers, "worker", "workers"), d.Balance, d.Adoption)}
	case cluster.PortOpened:
		return sentence{tone: toneGood, word: "listening", text: "on " + d.Addr}
	case cluster.Scaled:
		return sentence{tone: toneInfo, word: "scaled", text: fmt.Sprintf("from %d to %d (%s)", d.From, d.To, d.By)}
	case cluster.Warning:
		return sentence{tone: toneWarn, word: "warning", text: d.Text}
	case cluster.ClusterStopped:
		return sentence{tone: toneInfo, word: "stopped", text: "in " + millis(d.TookMS)}
	}
	return sentence{}
}

func describeWorker(data cluster.EventData) sentence {
	switch d := data.(type) {
	case cluster.WorkerStarted:
		return sentence{worker: d.Worker, tone: toneBusy, word: "started", text: fmt.Sprintf("pid %d, generation %d", d.PID, d.Generation)}
	case cluster.WorkerReady:
		return sentence{worker: d.Worker, tone: toneGood, word: "ready", text: fmt.Sprintf("after %s, pid %d", millis(d.TookMS), d.PID) + at(d.Addr)}
	case cluster.WorkerDraining:
		return sentence{worker: d.Worker, tone: toneBusy, word: "draining", text: fmt.Sprintf("pid %d, %d in flight", d.PID, d.InFlight)}
	case cluster.WorkerExited:
		return describeExit(d)
	case cluster.RestartScheduled:
		return sentence{worker: d.Worker, tone: toneBusy, word: "restart", text: fmt.Sprintf("%s, attempt %d", in(d.DelayMS), d.Attempt)}
	case cluster.CrashLoop:
		return sentence{worker: d.Worker, tone: toneBad, word: "gave up", text: fmt.Sprintf("after %s within %s", count(d.Crashes, "crash", "crashes"), millis(d.WindowMS))}
	}
	return sentence{}
}

func describeExit(d cluster.WorkerExited) sentence {
	s := sentence{worker: d.Worker, tone: toneBad, word: "crashed", text: fmt.Sprintf("pid %d, up %s", d.PID, millis(d.UptimeMS))}
	if d.Expected {
		s.tone, s.word = toneInfo, "ended"
	}
	reason := d.Reason
	if reason == "" {
		reason = exit(d.Code, d.Signal)
	}
	s.text += ": " + reason
	return s
}

func describeReload(data cluster.EventData) sentence {
	switch d := data.(type) {
	case cluster.ReloadStarted:
		return sentence{tone: toneBusy, word: "reload", text: fmt.Sprintf("to generation %d (%s)", d.Generation, d.Cause)}
	case cluster.ReloadDone:
		text := fmt.Sprintf("generation %d in %s", d.Generation, millis(d.TookMS))
		if d.Requests >= 0 { // else nobody has seen them
			text += fmt.Sprintf(", %s served, %d failed, longest wait %s",
				count(int(d.Requests), "request", "requests"), d.Failed, millis(int64(d.MaxWaitMS)))
		}
		return sentence{tone: toneGood, word: "reloaded", text: text}
	case cluster.ReloadFailed:
		return sentence{tone: toneBad, word: "no reload", text: fmt.Sprintf("to generation %d: %s", d.Generation, d.Why)}
	case cluster.RolledBack:
		return sentence{tone: toneWarn, word: "back", text: fmt.Sprintf("to generation %d, which serves again", d.Generation)}
	}
	return sentence{}
}

func exit(code int, signal string) string {
	if signal != "" {
		return signal
	}
	return fmt.Sprintf("exit %d", code)
}

func at(addr string) string {
	if addr == "" {
		return ""
	}
	return ", at " + addr
}

func in(ms int64) string {
	if ms == 0 {
		return "at once"
	}
	return "in " + millis(ms)
}

func count[N int | uint64](n N, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// millis writes a duration with a precision that suits its size: 29ms, 1.8s,
// 2m14s, 3h12m.
func millis(ms int64) string {
	d := time.Duration(ms) * time.Millisecond
	switch {
	case d < time.Second:
		return d.String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	case d < time.Hour:
		return d.Round(time.Second).String()
	}
	return strings.TrimSuffix(d.Round(time.Minute).String(), "0s")
}
