package ui

import (
	"math"
	"time"

	"gcl-tui/cluster"
)

// clock is the fixed time of the golden screens.
var clock = time.Date(2026, 3, 14, 12, 31, 7, 0, time.UTC)

// wave returns n values between low and high that go up and down, the same
// ones every time.
func wave(n int, low, high, phase float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		x := float64(i)/9 + phase
		y := (math.Sin(x) + math.Sin(x*2.3+phase)*0.5 + 1.5) / 3
		out[i] = low + (high-low)*y
	}
	return out
}

func fixtureCores(n int) []cluster.Core {
	cores := make([]cluster.Core, n)
	for i := range cores {
		h := wave(120, 3, 98, float64(i)*1.7)
		cores[i] = cluster.Core{ID: i, CPU: h[len(h)-1], CPUHistory: h}
	}
	return cores
}

// fixtureWorker is a ready worker under load.
func fixtureWorker(slot int) cluster.Worker {
	h := wave(120, 5, 95, float64(slot)*0.9)
	f := float64(slot)
	return cluster.Worker{
		Slot: slot, PID: 41200 + slot, Generation: 7, State: cluster.StateReady,
		Started: clock.Add(-time.Duration(20+slot*13) * time.Second),
		Addr:    "127.0.0.2:8080", Note: "ready in 180ms",
		Usage: cluster.Usage{CPU: h[len(h)-1], CPUHistory: h, RSS: int64(180+slot*11) << 20, Threads: 9, Core: (slot * 3) % 8},
		Traffic: cluster.WorkerTraffic{
			Requests: 31_000, Rate: 1500 + 37*f, InFlight: 20, Conns: 27 + slot,
			Latency: cluster.Latency{Count: 900, P50: 820 * time.Microsecond, P99: time.Duration(9+slot) * time.Millisecond},
		},
	}
}

// fixture is a cluster in the middle of things: one worker drains, one waits to
// be restarted, one was given up.
func fixture() *cluster.Snapshot {
	s := &cluster.Snapshot{
		Time: clock.Add(-300 * time.Millisecond), Started: clock.Add(-2*time.Hour - 14*time.Minute),
		Command: "./myserver -v", Balance: cluster.LeastInFlight, Adoption: "seccomp",
		Addrs: []string{"[::]:8080"}, Want: 8, Generation: 7, Target: 7,
		Traffic: cluster.Traffic{
			Known: true, Requests: 4_310_221, Rate: 12_480, History: wave(120, 2000, 14_200, 0.4),
			InFlight: 214, Conns: 812, Status: [6]uint64{0, 0, 4_301_000, 8211, 1007, 3}, Errors: 3, Failed: 6,
			Latency: cluster.Latency{
				Count: 120_000, P50: 800 * time.Microsecond, P90: 2100 * time.Microsecond,
				P99: 11 * time.Millisecond, P999: 48 * time.Millisecond, Max: 190 * time.Millisecond,
			},
		},
		Machine: cluster.Machine{
			Cores: fixtureCores(8), CPU: 46.2, CPUHistory: wave(120, 10, 80, 2),
			MemUsed: 3_328_599_654, MemTotal: 8 << 30, Quota: 6, Load1: 4.21, Load5: 3.9, Load15: 3.55,
		},
		Self: cluster.Self{CPU: 0.31, RSS: 24 << 20},
	}
	for slot := 1; slot <= 8; slot++ {
		s.Workers = append(s.Workers, fixtureWorker(slot))
	}
	troubled(s)
	return s
}

func troubled(s *cluster.Snapshot) {
	s.Workers[1].Traffic.Errors = 2
	s.Workers[3].State, s.Workers[3].Generation = cluster.StateDraining, 6
	s.Workers[3].Traffic.InFlight = 4
	s.Workers[3].Started = clock.Add(-2*time.Hour - 11*time.Minute)
	noProcess := func(w *cluster.Worker, state cluster.State, note string) {
		w.PID, w.State, w.Started, w.Addr, w.Note = 0, state, time.Time{}, "", note
		w.Usage = cluster.Usage{CPU: -1, CPUHistory: w.Usage.CPUHistory[:80], RSS: -1, Threads: -1, Core: -1}
		w.Traffic = cluster.WorkerTraffic{Rate: -1, Errors: 1}
	}
	noProcess(&s.Workers[4], cluster.StateBackoff, "exit 2: panic: assignment to entry in nil map")
	s.Workers[4].Restarts, s.Workers[4].RestartAt = 4, clock.Add(1200*time.Millisecond)
	noProcess(&s.Workers[6], cluster.StateFailed, "crash loop: 5 crashes in 10s")
	s.Workers[6].Restarts = 5
}

// fixtureEvents are the events that led to the fixture.
func fixtureEvents() []cluster.Event {
	at := func(ago time.Duration, data cluster.EventData) cluster.Event {
		return cluster.Event{Time: clock.Add(-ago), Data: data}
	}
	events := []cluster.Event{
		at(8040*time.Second, cluster.ClusterStarted{Workers: 6, Balance: cluster.LeastInFlight, Adoption: "seccomp"}),
		at(8040*time.Second, cluster.PortOpened{Addr: "[::]:8080"}),
	}
	for slot := 1; slot <= 6; slot++ {
		events = append(events, at(8039*time.Second, cluster.WorkerStarted{Worker: slot, PID: 41100 + slot, Generation: 6}),
			at(8039*time.Second, cluster.WorkerReady{Worker: slot, PID: 41100 + slot, Generation: 6, TookMS: int64(170 + slot)}))
	}
	crash := "exit 2: panic: assignment to entry in nil map"
	return append(events,
		at(170*time.Second, cluster.Scaled{From: 6, To: 8, By: "you"}),
		at(169*time.Second, cluster.WorkerReady{Worker: 7, PID: 41187, Generation: 6, TookMS: 181}),
		at(169*time.Second, cluster.WorkerReady{Worker: 8, PID: 41188, Generation: 6, TookMS: 214}),
		at(100*time.Second, cluster.ReloadStarted{Generation: 7, Cause: "you"}),
		at(94*time.Second, cluster.ReloadDone{Generation: 7, TookMS: 6200, Requests: 31_204, MaxWaitMS: 12}),
		at(30*time.Second, cluster.WorkerExited{Worker: 7, PID: 41207, Generation: 7, Code: 2, UptimeMS: 300, Reason: crash}),
		at(29*time.Second, cluster.CrashLoop{Worker: 7, Crashes: 5, WindowMS: 10_000}),
		at(12*time.Second, cluster.Warning{Text: "w3 wrote 1.2 MB of log lines too fast: 4,211 lines dropped"}),
		at(5*time.Second, cluster.WorkerExited{Worker: 5, PID: 41205, Generation: 7, Code: 2, UptimeMS: 41_000, Reason: crash}),
		at(5*time.Second, cluster.RestartScheduled{Worker: 5, DelayMS: 6400, Attempt: 4}),
	)
}

// crowd is a large machine with many workers.
func crowd(cores, workers int) *cluster.Snapshot {
	s := fixture()
	s.Machine.Cores = fixtureCores(cores)
	s.Workers = nil
	for slot := 1; slot <= workers; slot++ {
		w := fixtureWorker(slot)
		w.Usage.Core = slot * 7 % cores
		s.Workers = append(s.Workers, w)
	}
	s.Want = workers
	return s
}

// kernelBalanced is the fixture where the kernel balances: connections are known of
// one worker, and requests of none.
func kernelBalanced() *cluster.Snapshot {
	s := fixture()
	s.Balance = cluster.Kernel
	s.Traffic = cluster.Traffic{Rate: -1}
	for i := range s.Workers {
		s.Workers[i].Traffic = cluster.WorkerTraffic{Rate: -1}
	}
	s.Workers[0].Sockets = &cluster.Sockets{Conns: 41, Waiting: 2, BytesIn: 81_000, BytesOut: 7_300_000, RTT: 140 * time.Microsecond}
	return s
}

// late is a first generation that is never ready, and says nothing.
func late() *cluster.Snapshot {
	s := givenUp()
	for i := range s.Workers {
		w := &s.Workers[i]
		w.State, w.Note, w.Said = cluster.StateStarting, "started", nil
		w.Failure = "no port seen within 2s: raise --ready-timeout above 3s, after which a program without one counts as ready"
	}
	return s
}
