package ui

import (
	"context"

	"gcl-tui/cluster"
)

// Master is what the screen needs of a cluster and of what builds its program.
// Its methods may be called from any goroutine.
type Master interface {
	// Snapshot returns how things are now. It does not block.
	Snapshot() *cluster.Snapshot
	// Subscribe returns a reader of events.
	Subscribe() *cluster.Subscription
	// ScaleBy changes how many workers there are to be; by names who asked.
	ScaleBy(delta int, by string) error
	// Restart replaces the worker of a slot.
	Restart(slot int) error
	// StopWorker stops the worker of a slot, which stays down.
	StopWorker(slot int) error
	// StartWorker starts the worker of a slot that is down.
	StartWorker(slot int) error
	// Kill ends the worker of a slot with SIGKILL.
	Kill(slot int) error
	// Reload replaces all workers one by one.
	Reload(cause string) error
	// RollBack replaces all workers by those of the generation before, or calls
	// off the rollout that is on its way; by names who asked.
	RollBack(by string) error
	// Watch has changes of the source acted on from now on, or not.
	Watch(on bool) error
	// Build builds the program now.
	Build() error
	// Stop drains and stops all workers; a second call kills what is left. It
	// does not wait.
	Stop()
	// Done is closed when everything has ended.
	Done() <-chan struct{}
}

// Whoever watches and builds the program adds Watch and Build to a cluster.
var _ Master = struct {
	*cluster.Cluster
	builder
}{}

type builder interface {
	Watch(on bool) error
	Build() error
}

// events is a reader of events; *cluster.Subscription is one.
type events interface {
	Next(ctx context.Context) (cluster.Batch, error)
}
