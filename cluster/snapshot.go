package cluster

import "time"

// State is what a worker is doing.
type State string

// The states of a worker.
const (
	StateStarting State = "starting" // the process runs and is not ready yet
	StateReady    State = "ready"    // takes requests
	StateDraining State = "draining" // finishes what it has, takes nothing new
	StateStopping State = "stopping" // was sent the stop signal
	StateBackoff  State = "backoff"  // crashed; its replacement waits
	StateFailed   State = "failed"   // crash loop: given up until the next change or key
	StateExited   State = "exited"   // stopped on request; stays down
)

// Snapshot is how things are at one moment. It is immutable: the slices are
// never written again once it is published. A figure that is not known is
// negative and is to be shown as "-".
type Snapshot struct {
	Time    time.Time
	Started time.Time // when the cluster started
	Command string    // what runs, as typed
	Balance Balance
	// Adoption is how workers get the shared port; see ClusterStarted.
	Adoption string
	// Addrs are the public addresses, in the order they were opened, then the Unix
	// sockets that workers listen on ("unix:/run/app.sock").
	Addrs []string
	// Want is how many workers were asked for.
	Want int
	// Generation is the one that serves, 0 before the first.
	Generation int
	// Since is when Generation began to serve, zero before it has.
	Since time.Time
	// Target is the one that is on its way, or else Generation.
	Target int
	// Previous is the one that can be gone back to, 0 if there is none.
	Previous int
	// Reloading is true while workers are being replaced by others of the same
	// or another generation.
	Reloading bool
	// Source is what is known of the program's source.
	Source Source
	// Stopping is true once a stop was asked for.
	Stopping bool
	// Workers are sorted by slot. While a slot's worker is being replaced
	// there are two of that slot, the older first.
	Workers []Worker
	Traffic Traffic
	// Feed is the latest requests; see there.
	Feed    *Feed
	Machine Machine
	Self    Self
}

// NoteWaits is the note of a slot, in StateExited, that gets a worker as soon as
// there is a program to run.
const NoteWaits = "waits for the new program"

// Worker is one worker at one moment.
type Worker struct {
	Slot       int
	PID        int // 0 if there is no process
	Generation int
	State      State
	Started    time.Time // when the process started; zero if there is none
	// RestartAt is when the next process starts, in StateBackoff.
	RestartAt time.Time
	// Addr is the private address, empty if it listens on nothing.
	Addr     string
	Restarts int // of this slot, since the cluster started
	// Note is the latest thing that happened to it, in a few words.
	// NoteWaits tells a slot that waits from one that was stopped.
	Note string
	// Failure is why the slot's worker crashed, until one is ready again; empty
	// if none has. Said is what it said last, as in Source.Said, and is not to be
	// changed.
	Failure string
	Said    []string
	// Usage sums over the worker and all its descendants.
	Usage   Usage
	Traffic WorkerTraffic
	// Sockets is what the kernel says of its connections, nil unless Balance
	// is Kernel.
	Sockets *Sockets
}

// Sockets is what the kernel knows of a worker's connections from clients.
type Sockets struct {
	Conns   int // accepted and open
	Waiting int // in the accept queue
	// BytesIn and BytesOut are those of the open connections.
	BytesIn, BytesOut uint64
	// RTT is the median of the connections' smoothed round-trip times, 0 if
	// there are none.
	RTT time.Duration
}

// Usage is what a process tree costs.
type Usage struct {
	// CPU is in percent of one core over the last second, history oldest
	// first, one value a second. Negative if not known.
	CPU        float64
	CPUHistory []float64
	RSS        int64 // bytes, -1 if not known
	Threads    int   // -1 if not known
	// Core is the CPU that the worker's busiest process last ran on, -1 if
	// not known.
	Core int
}

// WorkerTraffic is what the router saw of one worker.
type WorkerTraffic struct {
	Requests uint64  // since its process started
	Rate     float64 // requests a second, over the last second; -1 if not known
	InFlight int
	Conns    int    // connections to it, idle ones included
	Errors   uint64 // requests that got no whole response, or a 5xx
	Aborted  uint64 // given up by the client before the whole response was there
	Garbled  uint64 // answered with what is no certain HTTP: passed on, not counted
	// Uncounted is how many HTTP/2 connections are, or were, carried without
	// counting their requests, because something on them was not understood.
	Uncounted uint64
	Latency   Latency
}

// Traffic is what the router saw in all.
type Traffic struct {
	// Known is false while no port is open, and if Balance is Kernel, which
	// leaves the master nothing to see; then everything but Held is zero.
	Known    bool
	Requests uint64
	Rate     float64 // requests a second, over the last second; -1 if not known
	// History is requests a second, oldest first, one value a second.
	History  []float64
	InFlight int
	Held     int // requests waiting because no worker is ready
	Conns    int // client connections open
	Tunnels  int // of these, carried as opaque tunnels
	// Status counts responses by class: [1] for 1xx to [5] for 5xx.
	Status [6]uint64
	// Errors counts requests that got no whole response from a worker.
	Errors  uint64
	Refused uint64 // held for too long or too many held: answered 503
	// Failed counts all that went wrong, each request once: Errors, Refused and
	// the responses of workers that are 5xx.
	Failed  uint64
	Replays uint64 // sent again to another worker
	// BytesIn came from clients, BytesOut went to them.
	BytesIn, BytesOut uint64
	Latency           Latency
}

// Latency summarises response times over a sliding window, first byte of the
// request to last byte of the response. Count 0 means that nothing is known.
type Latency struct {
	Count                    uint64
	P50, P90, P99, P999, Max time.Duration
}

// Machine is the computer. The CPU figures are percent; negative if not known.
type Machine struct {
	Cores []Core
	// CPU is the mean over the cores, history oldest first, one value a second.
	CPU        float64
	CPUHistory []float64
	MemUsed    int64 // bytes, of MemTotal; -1 if not known
	MemTotal   int64
	// Quota is how many cores' worth of CPU the cgroup allows, 0 if no limit.
	Quota float64
	// Load1, Load5 and Load15 are the load averages, -1 if not known.
	Load1, Load5, Load15 float64
}

// Core is one CPU.
type Core struct {
	ID         int
	CPU        float64
	CPUHistory []float64
}

// Self is what the master itself costs.
type Self struct {
	CPU float64 // percent of one core over the last second; -1 if not known
	RSS int64   // bytes; -1 if not known
}
