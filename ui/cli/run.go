package cli

import (
	"context"
	"strings"
	"time"

	"gcl-tui/cluster"
	"gcl-tui/watch"
)

// runProgram runs the user's program as a cluster. What there is to run starts
// at once, and what to watch for it is found out meanwhile; what must be built
// first is looked at first.
func runProgram(ctx context.Context, s *settings, argv []string) error {
	front, err := chooseFront(s)
	if err != nil {
		return err
	}
	ctx, r := newRun(ctx)
	defer r.release()
	name := strings.Join(argv, " ")
	s.typedEnv, argv = throughEnv(argv)
	o := s.clusterOptions(argv)
	o.Name = name
	var plan *watch.Plan
	if needsBuild(argv, s.watching.Build) {
		if plan, err = s.find(ctx, argv); err != nil {
			return err
		}
		o.Command = nil
	} else if err := watch.Check(argv[0]); err != nil {
		return err
	}
	m, err := r.start(ctx, o, front)
	if err != nil {
		return err
	}
	watched := r.watch(m, plan != nil, func() (*watch.Plan, error) {
		if plan != nil || s.watching.Off {
			return plan, nil
		}
		return s.find(r.companions, argv)
	})
	defer watched()
	return r.show(m, front)
}

// cluster starts a cluster, shows it with front, and returns when it has ended.
// ctx is over if the start is interrupted.
func (r *run) cluster(ctx context.Context, o cluster.Options, f front) error {
	m, err := r.start(ctx, o, f)
	if err != nil {
		return err
	}
	return r.show(m, f)
}

func (r *run) start(ctx context.Context, o cluster.Options, f front) (*stopper, error) {
	if err := checkDescriptors(workerCount(o)); err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, errInterrupted
	}
	o.GiveUp = !f.attended
	c, err := cluster.Start(o)
	if err != nil {
		return nil, err
	}
	m := newStopper(c, r.stopCompanions)
	r.signals.steer <- m
	return m, nil
}

// watch starts what find finds to watch, beside the cluster. It ends with the
// cluster. The returned function waits until what was built is removed. needed says
// that there is nothing to run without it: if it cannot start, the run ends.
func (r *run) watch(m *stopper, needed bool, find func() (*watch.Plan, error)) (end func()) {
	ended := make(chan struct{})
	r.beside("watching the source", func() {
		defer close(ended)
		plan, err := find()
		if err != nil || plan == nil {
			r.unwatched(m, err)
			return
		}
		plan.Mark(m.Mark())
		w, err := plan.Start(context.Background(), func() time.Time { return m.Snapshot().Since })
		if err != nil {
			if needed {
				r.fail(err)
			} else {
				r.unwatched(m, err)
			}
			return
		}
		s := &source{watcher: w, cluster: m.Cluster}
		m.source.Store(s)
		go func() {
			<-m.Done() // until then what was built is what runs
			_ = w.Close()
		}()
		s.follow()
	})
	return func() { <-ended }
}

// unwatched says why nothing is watched.
func (r *run) unwatched(m *stopper, err error) {
	if err != nil && r.companions.Err() == nil {
		m.Tell(cluster.Warning{Text: "changes are not watched: " + err.Error()})
	}
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
