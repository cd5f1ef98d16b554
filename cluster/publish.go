package cluster

import (
	"fmt"
	"time"

	"gcl-tui/cluster/internal/metrics"
	"gcl-tui/cluster/internal/router"
)

// trafficRate turns the router's counters into rates, once a second.
type trafficRate struct {
	at      time.Time
	last    uint64
	rate    float64
	history metrics.Ring
}

// publish makes the current snapshot and lets readers have it.
func (o *owner) publish() {
	stats := o.router.Stats()
	s := &Snapshot{
		Time:       time.Now(),
		Started:    o.started,
		Command:    o.c.command,
		Balance:    o.opts.Balance,
		Adoption:   o.adoption,
		Want:       o.want,
		Generation: o.serving.number(),
		Since:      o.served.by(o.serving),
		Target:     o.serving.number(),
		Previous:   o.history.previous(),
		Reloading:  o.roll != nil || o.rollout != nil,
		Source:     o.source.Source,
		Stopping:   o.stopping,
		Traffic:    o.trafficNow(stats),
		Machine:    o.machine(),
		Self:       Self{CPU: o.usage.Self.CPU, RSS: o.usage.Self.RSS},
	}
	if o.rollout != nil {
		s.Target = o.rollout.to.num
	}
	if !o.inKernel() {
		s.Feed = feedOf(o.router)
	}
	for _, p := range o.ports {
		if p.router != nil {
			s.Addrs = append(s.Addrs, shown(p.addr))
		}
	}
	s.Addrs = append(s.Addrs, o.unixNames...)
	for _, slot := range o.slots {
		s.Workers = append(s.Workers, o.slotNow(slot)...)
	}
	o.c.snap.Store(s)
	o.publishOutage()
}

// slotNow returns the workers of a slot, or what stands for them if there are none.
func (o *owner) slotNow(s *slot) []Worker {
	var rows []Worker
	for _, w := range s.workers() {
		rows = append(rows, o.workerNow(w))
	}
	if len(rows) > 0 && (s.cur != nil || s.next != nil || s.leaving || s.stopped || s.awaiting()) {
		return rows
	}
	row := Worker{
		Slot: s.num, Generation: o.serving.number(), State: StateBackoff, RestartAt: s.restartAt,
		Restarts: s.restarts, Note: s.note, Usage: unknownUsage,
		Traffic: WorkerTraffic{Rate: unknown},
	}
	row.Failure, row.Said = s.failure()
	switch {
	case o.withheld(s) && !s.stopped:
		row.State, row.Note = StateExited, NoteWaits
	case s.failed:
		row.State = StateFailed
	case s.stopped, o.stopping: // nothing comes back
		row.State = StateExited
	}
	return append(rows, row)
}

const unknown = metrics.Unknown

var unknownUsage = Usage{CPU: unknown, RSS: unknown, Threads: unknown, Core: unknown}

func (o *owner) workerNow(w *worker) Worker {
	row := Worker{
		Slot: w.slot.num, PID: w.pid, Generation: w.gen.num, State: w.state, Started: w.started,
		Restarts: w.slot.restarts, Note: w.note, Usage: unknownUsage, Sockets: w.sockets,
	}
	if w.addr.IsValid() {
		row.Addr = w.addr.String()
	}
	if w.slot.cur == w {
		row.Failure, row.Said = w.slot.failure()
	}
	if u, ok := o.usage.Trees[w.pid]; ok {
		row.Usage = Usage{CPU: u.CPU, CPUHistory: u.CPUHistory, RSS: u.RSS, Threads: u.Threads, Core: u.Core}
	}
	if o.inKernel() {
		row.Traffic.Rate = unknown
		return row
	}
	b := w.backend.Stats()
	row.Traffic = WorkerTraffic{
		Requests: b.Requests, Rate: w.rate, InFlight: b.InFlight, Conns: b.Conns,
		Errors: b.Errors, Aborted: b.Aborted, Garbled: b.Garbled, Uncounted: b.Uncounted,
		Latency: latencyOf(b.Latency),
	}
	return row
}

func latencyOf(l router.Latency) Latency {
	return Latency{Count: l.Count, P50: l.P50, P90: l.P90, P99: l.P99, P999: l.P999, Max: l.Max}
}

func (o *owner) trafficNow(s router.Stats) Traffic {
	t := Traffic{Rate: o.traffic.rate, History: o.traffic.history.Snapshot()}
	for _, p := range o.ports {
		t.Known = t.Known || p.router != nil
	}
	if !t.Known || o.inKernel() {
		return Traffic{Rate: unknown, Held: s.Held}
	}
	t.Requests, t.InFlight, t.Held = s.Requests, s.InFlight, s.Held
	t.Conns, t.Tunnels = s.Conns, s.Tunnels
	t.Status, t.Errors, t.Refused, t.Replays = s.Status, s.Errors, s.Refused, s.Replays
	t.Failed = s.Failed
	t.BytesIn, t.BytesOut = s.BytesIn, s.BytesOut
	t.Latency = latencyOf(s.Latency)
	return t
}

func (o *owner) machine() Machine {
	u := o.usage
	m := Machine{
		CPU: u.CPU, CPUHistory: u.CPUHistory, MemUsed: u.MemUsed, MemTotal: u.MemTotal,
		Quota: u.Quota, Load1: u.Load1, Load5: u.Load5, Load15: u.Load15,
	}
	for _, c := range u.Cores {
		m.Cores = append(m.Cores, Core{ID: c.ID, CPU: c.CPU, CPUHistory: c.CPUHistory})
	}
	return m
}

// follow has the launcher know what is to end with each worker.
func (o *owner) follow(trees map[int]metrics.Usage) {
	processes := make(map[int][]int, len(trees))
	for pid, tree := range trees {
		processes[pid] = tree.Processes
	}
	o.launcher.follow(processes)
}

// sampled takes over a measurement and works out the rates since the last one.
func (o *owner) sampled(now time.Time, u metrics.Sample) {
	o.usage = u
	o.follow(u.Trees)
	t := &o.traffic
	elapsed := now.Sub(t.at).Seconds()
	requests := o.router.Stats().Requests
	first := t.at.IsZero()
	t.rate = unknown
	if !first && elapsed > 0 {
		t.rate = float64(requests-t.last) / elapsed
		t.history.Push(t.rate)
	}
	t.at, t.last = now, requests
	for _, w := range o.all() {
		b := w.backend.Stats()
		w.rate = unknown
		if !first && elapsed > 0 {
			w.rate = float64(b.Requests-w.lastRequests) / elapsed
		}
		w.lastRequests = b.Requests
		o.admitUncounted(w, b.Uncounted)
	}
}

// admitUncounted says, once for each process, that requests are missing from the
// figures of w.
func (o *owner) admitUncounted(w *worker, connections uint64) {
	if connections == 0 || w.admitted {
		return
	}
	w.admitted = true
	o.emit(LevelWarn, Warning{Text: fmt.Sprintf(
		"w%d: the requests of an HTTP/2 connection are no longer counted: something on it was not understood", w.slot.num)})
}

// sampleEvery is how often the machine and the workers are measured.
const sampleEvery = time.Second

// sample measures, in a goroutine of its own, until the cluster has ended.
func (c *Cluster) sample(s *metrics.Sampler) {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		var roots []int
		if c.ask(func(o *owner) { roots = o.pids() }) != nil {
			return
		}
		now := time.Now()
		measured := s.Sample(now, roots)
		c.post(func(o *owner) { o.sampled(now, measured) })
		c.sampleSockets(roots)
		select {
		case <-tick.C:
		case <-c.done:
			return
		}
	}
}

func (o *owner) pids() []int {
	var pids []int
	for _, w := range o.all() {
		if w.proc != nil {
			pids = append(pids, w.pid)
		}
	}
	return pids
}
