package cli

import (
	"context"
	"os"
	"strings"

	"gcl-tui/cluster"
)

// runProgram runs the user's program as a cluster.
func runProgram(ctx context.Context, s *settings, argv []string) error {
	front, err := chooseFront(s)
	if err != nil {
		return err
	}
	ctx, r := newRun(ctx)
	defer r.release()
	t, err := findTarget(ctx, argv, os.Stderr)
	if err != nil {
		return err
	}
	defer t.release()
	o := s.clusterOptions(t.argv)
	o.Name = strings.Join(argv, " ") // not where a Go package was built
	return r.cluster(ctx, o, front)
}

// cluster starts a cluster, shows it with front, and returns when it has ended.
// ctx is over if the start is interrupted.
func (r *run) cluster(ctx context.Context, o cluster.Options, f front) error {
	if err := checkDescriptors(workerCount(o)); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	o.GiveUp = !f.attended
	c, err := cluster.Start(o)
	if err != nil {
		return err
	}
	m := newStopper(c, r.stopCompanions)
	r.signals.steer <- m
	return r.show(m, f)
}

// show runs the front end until it, the cluster or something beside them ends,
// and then ends them all.
func (r *run) show(m *stopper, f front) error {
	done := make(chan error, 1)
	go func() { // ends with the front end
		done <- safely(f.name, func() error { return f.run(m) })
	}()
	var failure, shown error
	ended := false
	select {
	case failure = <-r.failed:
	case shown = <-done:
		ended = true
	case <-m.Done():
	}
	m.Stop()
	awaitCluster(m)
	if !ended {
		shown = awaitFront(done)
	}
	return reasonOf(m, failure, shown)
}
