package cluster

import (
	"context"
	"errors"
)

// ErrStopped is returned by requests to a cluster that has stopped.
var ErrStopped = errors.New("the cluster has stopped")

// Start checks opts, opens the known ports, starts the workers and returns.
// An error is one clear sentence; nothing is left running then.
func Start(opts Options) (*Cluster, error) {
	return nil, errors.New("under construction")
}

// Cluster is a running master. Its methods are safe from any goroutine.
type Cluster struct {
	log *eventLog
}

// Snapshot returns how things are now. It never blocks and is never nil.
func (c *Cluster) Snapshot() *Snapshot { return nil }

// Subscribe returns a reader of events and log lines, from the oldest kept on.
func (c *Cluster) Subscribe() *Subscription { return c.log.subscribe() }

// Scale sets how many workers there are to be, from 1 to MaxWorkers. by goes
// into the event: "you" or "signal".
func (c *Cluster) Scale(n int, by string) error { return nil }

// ScaleBy changes how many workers there are to be by delta; the result is
// kept within 1 and MaxWorkers.
func (c *Cluster) ScaleBy(delta int, by string) error { return nil }

// Restart replaces the worker of one slot: drain, stop, start.
func (c *Cluster) Restart(slot int) error { return nil }

// StopWorker drains and stops the worker of one slot, which stays down.
func (c *Cluster) StopWorker(slot int) error { return nil }

// StartWorker starts the worker of a slot that is down: stopped, failed or
// waiting in backoff.
func (c *Cluster) StartWorker(slot int) error { return nil }

// Kill ends the worker of one slot and all its processes with SIGKILL. It
// counts as a crash, so the worker comes back.
func (c *Cluster) Kill(slot int) error { return nil }

// Reload replaces all workers one by one, each new one ready before an old
// one drains. cause goes into the event.
func (c *Cluster) Reload(cause string) error { return nil }

// Stop drains and stops all workers and returns at once; Done tells the end. A
// second call kills what is left.
func (c *Cluster) Stop() {}

// Done is closed when everything has ended.
func (c *Cluster) Done() <-chan struct{} { return nil }

// Wait waits for Done or ctx and returns why the cluster ended: nil if it was
// asked to.
func (c *Cluster) Wait(ctx context.Context) error { return nil }

// RunRole runs the hidden role that this process was started in, if it was,
// and then does not return. Every program that uses this package calls it
// first thing in main.
func RunRole() {}
