package cli

import (
	"context"
	"fmt"
	"time"
)

// How long the end waits for what cannot be made to end.
const (
	// frontGrace is for a front end that still writes when the cluster has
	// ended. It takes this long only if nobody reads what it writes.
	frontGrace = 2 * time.Second
	// killGrace is for processes that were killed.
	killGrace = 5 * time.Second
)

// run is one run of the program, from the first signal it minds to the last.
type run struct {
	signals *signals
	// failed gets what ended one of the goroutines beside the cluster that
	// should not have ended.
	failed chan error
	// companions ends when the cluster is asked to stop.
	companions     context.Context
	stopCompanions context.CancelFunc
}

// newRun takes over the signals. The context is that of the start, which a
// signal interrupts.
func newRun(ctx context.Context) (context.Context, *run) {
	r := &run{failed: make(chan error, 1)}
	r.companions, r.stopCompanions = context.WithCancel(ctx)
	ctx, r.signals = catchSignals(ctx)
	r.beside("reading signals", r.signals.serve)
	return ctx, r
}

func (r *run) release() {
	r.stopCompanions()
	r.signals.release()
}

// beside runs f in a goroutine of its own. If it panics, the run ends in order.
func (r *run) beside(what string, f func()) {
	go func() {
		if err := safely(what, func() error { f(); return nil }); err != nil {
			r.fail(err)
		}
	}()
}

// fail has the run end in order because of err.
func (r *run) fail(err error) {
	select {
	case r.failed <- err:
	default: // the run is ending because of another
	}
}

// awaitCluster waits for the end of the cluster, or, if it was forced, for a
// moment: what the kernel does not let go then cannot be waited for.
func awaitCluster(m *stopper) {
	select {
	case <-m.Done():
		return
	case <-m.forced:
	}
	select {
	case <-m.Done():
	case <-time.After(killGrace):
	}
}

// awaitFront waits for the front end of a cluster that has ended.
func awaitFront(done <-chan error) error {
	select {
	case err := <-done:
		return err
	case <-time.After(frontGrace):
		return fmt.Errorf("the output was not read for %v: its end is lost", frontGrace)
	}
}

// reasonOf returns why the run ended, or nil if somebody asked for it. Of
// several reasons the first in this order counts: the force, a panic, what ended
// the cluster, what ended the front end.
func reasonOf(m *stopper, failure, shown error) error {
	select {
	case <-m.forced:
		return errForced
	default:
	}
	if failure != nil {
		return failure
	}
	// It has ended, or was forced: this does not wait.
	if err := m.Wait(context.Background()); err != nil {
		return err
	}
	return shown
}
