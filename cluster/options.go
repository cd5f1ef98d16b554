package cluster

import (
	"fmt"
	"runtime"
	"strings"
	"time"
)

// Balance says who picks the worker for a request.
type Balance string

// The balance rules.
const (
	// LeastInFlight picks the ready worker with the fewest requests in flight.
	LeastInFlight Balance = "least"
	// RoundRobin picks the ready workers in turn.
	RoundRobin Balance = "roundrobin"
	// Kernel lets the kernel spread the connections over the ready workers'
	// own sockets; the master is out of the data path. It needs adoption.
	Kernel Balance = "kernel"
)

// MaxWorkers is the largest worker count accepted. It bounds the threads and
// descriptors of the master, not what a machine can usefully run.
const MaxWorkers = 1024

// ReadyKind is a way to tell that a worker is ready.
type ReadyKind int

// The ways to tell that a worker is ready.
const (
	ReadyListen ReadyKind = iota // it listens
	ReadyNotify                  // it sends READY=1 to NOTIFY_SOCKET (sd_notify(3))
	ReadyHTTP                    // Path answers 2xx or 3xx
	ReadyDelay                   // it has been up for Delay
)

// Ready says when a worker counts as ready.
type Ready struct {
	Kind  ReadyKind
	Path  string        // for ReadyHTTP
	Delay time.Duration // for ReadyDelay
}

// ParseReady reads "listen", "notify", "http:PATH" or "delay:D".
func ParseReady(s string) (Ready, error) {
	kind, arg, hasArg := strings.Cut(s, ":")
	switch {
	case kind == "listen" && !hasArg:
		return Ready{Kind: ReadyListen}, nil
	case kind == "notify" && !hasArg:
		return Ready{Kind: ReadyNotify}, nil
	case kind == "http" && strings.HasPrefix(arg, "/"):
		return Ready{Kind: ReadyHTTP, Path: arg}, nil
	case kind == "delay":
		d, err := time.ParseDuration(arg)
		if err == nil && d >= 0 {
			return Ready{Kind: ReadyDelay, Delay: d}, nil
		}
	}
	return Ready{}, fmt.Errorf("%q: want listen, notify, http:/PATH or delay:DURATION (as in delay:2s)", s)
}

// Options says what to run and how.
type Options struct {
	// Command is the program and its arguments. Command[0] is a path or a
	// name on PATH. If it is empty, the program comes by RollOut.
	Command []string
	// Name is what to show for it; empty means the command as it is.
	Name string
	// Dir is the workers' working directory; empty means the master's.
	Dir string
	// Environ returns K=V pairs that the workers get on top of the master's own
	// environment. It is called at the start and at each reload, from the
	// goroutine that asks for it; nil means none.
	Environ func() ([]string, error)
	// Workers is how many; 0 means one for each CPU this process may use.
	Workers int
	// Ports are public addresses ([HOST:]PORT) opened before the first worker;
	// without adoption the first of them only.
	Ports []string
	// Balance defaults to LeastInFlight.
	Balance Balance
	// Ready defaults to ReadyListen.
	Ready Ready
	// ReadyTimeout is how long a worker may take to be ready (30 s).
	ReadyTimeout time.Duration
	// StopTimeout is how long draining and stopping may take before SIGKILL (10 s).
	StopTimeout time.Duration
	// StopSignal is a name such as "TERM" or "SIGINT"; defaults to TERM.
	StopSignal string
	// Hold is how long a request waits while no worker is ready (30 s).
	Hold time.Duration
	// NoAdopt switches adoption off: workers get PORT and LISTEN_FDS instead.
	NoAdopt bool
	// LiveReload has the pages of the app that browsers show be loaded again when
	// another generation serves. It puts a script at the end of them.
	LiveReload bool
	// StopFirst has all workers of a generation end before the first of the
	// next one starts, for programs that cannot run twice at once.
	StopFirst bool
	// GiveUp ends the cluster with an error once every slot has failed and no
	// worker was ever ready. Without it, it waits for somebody to act.
	GiveUp bool
}

func (o Options) withDefaults() Options {
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Balance == "" {
		o.Balance = LeastInFlight
	}
	if o.ReadyTimeout == 0 {
		o.ReadyTimeout = 30 * time.Second
	}
	if o.StopTimeout == 0 {
		o.StopTimeout = 10 * time.Second
	}
	if o.StopSignal == "" {
		o.StopSignal = "TERM"
	}
	if o.Environ == nil {
		o.Environ = func() ([]string, error) { return nil, nil }
	}
	if o.Hold == 0 {
		o.Hold = 30 * time.Second
	}
	return o
}
