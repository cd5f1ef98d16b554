package watch

import (
	"context"
	"time"
)

// todo is what is to be done next. The zero value is nothing.
type todo struct {
	// source: the program is built from its source. binary: the user's own
	// binary, built by hand, is taken.
	source, binary bool
	cause          []string // absolute paths
}

func (t todo) none() bool { return !t.source && !t.binary }

// with returns both as one.
func (t todo) with(more todo) todo {
	return todo{
		source: t.source || more.source, binary: t.binary || more.binary,
		cause: union(t.cause, more.cause),
	}
}

// job is a build that runs, or a copy of the user's binary that is made.
type job struct {
	todo
	cancel  context.CancelFunc
	instead bool // it took the place of one that was cancelled
	stopped bool // another one takes its place
	// hint is that which it is built ahead for; 0 once a change has come of it, and
	// if it was for one from the beginning.
	hint  uint64
	ended *outcome // of one that was built ahead and waits for the change
}

// do does something now, or after what is being done. A build of older source
// is cancelled.
func (l *loop) do(t todo) {
	l.next = l.next.with(t)
	l.discard()
	if l.job == nil {
		l.startNext(false)
		return
	}
	// What a user's command writes may itself count as a change. So that it gets
	// done at all, the second in a row is let run to its end.
	patient := l.recipe.Shell != "" && l.job.instead
	if t.source && l.job.source && !l.job.stopped && !patient {
		l.job.stopped = true
		l.next = l.job.with(l.next)
		l.job.cancel()
	}
}

// startNext starts what is to be done. If both are, the source wins: the user's
// binary was made of it.
func (l *loop) startNext(instead bool) {
	t := l.next
	l.next = todo{}
	if t.none() {
		return
	}
	if l.store == nil {
		l.built(Built{Program: l.plan.inPlace(), Cause: l.plan.relative(t.cause)})
		return
	}
	if t.source {
		t.binary = false
		l.send(BuildStarted{l.commandLine()})
	}
	l.start(&job{todo: t, instead: instead})
}

// start starts a job. None runs.
func (l *loop) start(j *job) {
	ctx, cancel := context.WithCancel(l.ctx)
	j.cancel, l.job = cancel, j
	work, recipe := l.adoptOwn, l.recipe
	if j.source {
		work = l.build
	}
	l.began = time.Now()
	l.store.Clear()
	l.jobs.Go(func() {
		o := work(ctx, recipe)
		cancel()
		l.report(func(l *loop) { l.finished(o) })
	})
}

// commandLine returns the build as one would type it.
func (l *loop) commandLine() string {
	if l.recipe.Shell != "" {
		return l.recipe.Shell
	}
	return l.recipe.Go.String()
}

// built sends a Built event.
func (l *loop) built(b Built) {
	l.send(b)
	l.handed = time.Now()
	l.loops.Reloaded()
}

// finished takes the outcome of the job.
func (l *loop) finished(o outcome) {
	j := l.job
	if j.hint != 0 && !j.stopped {
		j.ended = &o
		return
	}
	l.job = nil
	if o.recipe != nil {
		l.recipe, l.listing, l.stale = o.recipe, o.recipe.Listing, nil
		l.updateStatus()
	}
	if !j.stopped {
		if j.source && l.recipe.Shell != "" {
			l.ended = time.Now()
			l.loops.Reloaded() // whatever comes of it, it may have written
		}
		l.settle(j, o)
	}
	l.startNext(j.stopped)
	l.buildAhead()
	l.relist()
}

// settle says what came of a job.
func (l *loop) settle(j *job, o outcome) {
	switch {
	case o.unready != "":
		l.send(Warning{o.unready})
	case o.err != nil:
		l.send(l.failure(o))
	case o.inPlace:
		l.latest = zeroHash
		l.built(Built{Program: l.plan.inPlace(), Took: o.took, Cause: l.plan.relative(j.cause)})
	default:
		l.keep(j, o)
	}
}

// keep adds a new binary to the store.
func (l *loop) keep(j *job, o outcome) {
	if o.hash == l.latest {
		l.send(Unchanged{o.took, l.plan.relative(j.cause)})
		return
	}
	b, err := l.store.Add(l.programName(), o.hash)
	if err != nil {
		o.err = err
		l.send(l.failure(o))
		return
	}
	l.latest = b.Hash
	l.built(Built{
		Program: Program{Path: b.Path, Args: l.recipe.Args},
		Hash:    b.Hash.Short(), Took: o.took, Cause: l.plan.relative(j.cause),
	})
}
