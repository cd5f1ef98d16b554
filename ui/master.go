package ui

import (
	"context"

	"gcl-tui/cluster"
)

// Master is what the screen needs of a cluster. *cluster.Cluster is one. Its
// methods may be called from any goroutine.
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
	// Stop drains and stops all workers; a second call kills what is left. It
	// does not wait.
	Stop()
	// Done is closed when everything has ended.
	Done() <-chan struct{}
}

var _ Master = (*cluster.Cluster)(nil)

// events is a reader of events; *cluster.Subscription is one.
type events interface {
	Next(ctx context.Context) (cluster.Batch, error)
}
