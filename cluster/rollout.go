package cluster

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"gcl-tui/cluster/internal/router"
)

// probation is how long a new generation must be up before the old one goes.
const probation = time.Second

// rollout is the way from one generation to another. It has three parts, and
// step finds out in which it is:
//
//   - The canary, one worker of the new generation, starts. The old one serves.
//   - The canary is ready: from now on every request goes to the new generation.
//     The rest of it starts, an old worker ending for each one that is ready.
//   - All of it is ready. One old worker, the spare, is still there, idle, until
//     the probation is over.
//
// If a new worker fails meanwhile, the old generation takes over again.
type rollout struct {
	from, to *generation
	// undone is set if somebody asked to go back to a former generation.
	undone bool
	// refused is what was refused before that, and is again if it comes to nothing.
	refused rejected
	// stopFirst is set if two generations must not run at once: all of the old
	// one ends before the new one starts, and there is neither canary nor spare.
	stopFirst bool
	// back is set on the way back after a failure of that kind.
	back bool

	spare   *worker
	proving *time.Timer // the probation, once it has begun
	proved  bool

	mark    *router.Mark
	started time.Time
}

// rollOut begins to replace the workers by those of a new program, or starts
// them if there has been none.
func (o *owner) rollOut(p Program, cause string, env []string) error {
	if o.stopping {
		return ErrStopped
	}
	built := func(g *generation) {
		o.source.built()
		if p.BuildTime > 0 {
			o.emit(LevelInfo, BuildDone{TookMS: p.BuildTime.Milliseconds(), Generation: g.num})
		}
	}
	switch r := o.rollout; {
	case p.InPlace:
	case r != nil && r.to.runs(p): // it is on its way already, and is what there is now
		r.undone = false
		built(r.to)
		return nil
	case r != nil && r.back: // what serves is what has failed
	case o.serving.runs(p):
		built(o.serving)
		switch {
		case r == nil:
		case r.undone && !p.Retry: // it is what somebody goes back from
		default: // it was changed, and changed back
			o.failRollout("the change was taken back", nil)
			o.source.stale("", nil)
			o.refused = rejected{}
		}
		return nil
	}
	if !p.InPlace && !p.Retry && o.serving != nil && o.refused.path == p.Path {
		built(o.serving)
		o.refuseAgain()
		return nil
	}
	to := o.history.generation(p.Path, p.Argv, env)
	o.warnSetuid(p.Path)
	built(to)
	if o.serving == nil {
		o.serving = to
		o.fill()
		return nil
	}
	o.turn(&rollout{to: to}, cause)
	return nil
}

// refuseAgain has it said that what was refused is the newest program again. A
// rollout of what came between the two, which nobody wants any more, is called off.
func (o *owner) refuseAgain() {
	refused := o.refused
	if r := o.rollout; r != nil && !r.back && !r.undone && !o.serving.is(r.to) {
		o.failRollout("the change was taken back", nil)
		o.refused = refused
	}
	o.source.stale(refused.why, refused.said)
}

// rollBack begins to replace the workers by those of the generation before, or
// gives up a rollout that is on its way.
func (o *owner) rollBack(by string) error {
	cause := "rolled back (" + by + ")"
	switch r := o.rollout; {
	case o.stopping:
		return ErrStopped
	case r != nil && r.back:
		return errors.New("it is on its way back already")
	case r != nil && r.proved: // only old workers that still drain keep it from its end
		o.endRollout(r)
	case r != nil:
		o.failRollout(cause, nil)
		return nil
	}
	to, err := o.history.pop()
	if err != nil {
		return err
	}
	r := &rollout{to: to, undone: true, refused: o.refused}
	o.refused = rejected{path: o.serving.path, why: fmt.Sprintf("rolled back to generation %d", to.num)}
	o.turn(r, cause)
	return nil
}

// turn begins a rollout, in the place of one that is on its way.
func (o *owner) turn(r *rollout, cause string) {
	superseded := fmt.Sprintf("generation %d came before it was done", r.to.num)
	if o.roll != nil {
		o.failRoll(superseded)
	}
	r.from, r.stopFirst = o.serving, o.opts.StopFirst
	if old := o.rollout; old != nil {
		o.supersedeRollout(old, r, superseded)
	}
	r.mark, r.started = o.router.Mark(), time.Now()
	o.rollout = r
	o.source.stale("", nil)
	o.emit(LevelInfo, ReloadStarted{Generation: r.to.num, Cause: cause})
	for _, s := range slices.Clone(o.slots) {
		o.keepServing(s)
		s.policy = restartPolicy{} // a change is a new beginning
	}
	o.step()
}

// supersedeRollout ends a rollout for another to take its place. What it was to
// go back to can still be gone back to.
func (o *owner) supersedeRollout(old, r *rollout, why string) {
	old.release(o)
	if old.back {
		r.from = old.to
		return
	}
	if old.undone && !o.serving.is(old.to) {
		o.history.push(old.to)
	}
	o.emit(LevelWarn, ReloadFailed{Generation: old.to.num, Why: why})
}

// keepServing ends the workers of a slot that are not of the generation that
// serves, where one that is has come or is on its way.
func (o *owner) keepServing(s *slot) {
	if n := s.next; n != nil && !n.gen.is(o.serving) {
		s.next = nil
		o.retire(s, n)
	}
	if s.cur != nil && s.next != nil && !s.cur.gen.is(o.serving) {
		old := s.cur
		s.cur, s.next = s.next, nil
		o.retire(s, old)
	}
}

// step does what a rollout has to do next, given how things are. The owner
// calls it after everything that happens.
func (o *owner) step() {
	r := o.rollout
	switch {
	case r == nil || o.stopping:
	case o.serving.is(r.to):
		o.complete(r)
	case r.stopFirst || o.vacant():
		o.startOver(r)
	case !slices.ContainsFunc(o.all(), func(w *worker) bool { return w.gen.is(r.to) && !w.expected }):
		o.startCanary(r)
	}
}

// vacant says whether there is no slot that a worker is to run in.
func (o *owner) vacant() bool {
	return !slices.ContainsFunc(o.slots, func(s *slot) bool { return !s.leaving && !s.stopped })
}

// startCanary starts the first worker of a new generation.
func (o *owner) startCanary(r *rollout) {
	i := slices.IndexFunc(o.slots, func(s *slot) bool { return !s.leaving && !s.stopped && s.next == nil })
	if i >= 0 { // else each has a successor on its way: one of them is soon there
		o.succeed(o.slots[i], r)
	}
}

// succeed starts a worker of a rollout in a slot.
func (o *owner) succeed(s *slot, r *rollout) {
	w, err := o.spawn(s, r.to)
	if err != nil {
		o.failRollout(fmt.Sprintf("w%d cannot start: %v", s.num, err), nil)
		return
	}
	s.next = w
}

// shift has every request from now on go to the generation of a rollout, and if
// the kernel balances, every connection. Whoever is not to have any more is taken
// out before anybody comes in, so that none is answered by old code after new.
func (o *owner) shift(to *generation) {
	o.serving = to
	o.served.note(to)
	o.callOffSuccessors(to)
	var in, out []*router.Backend
	var arriving, leaving []*worker
	for _, w := range o.all() {
		switch {
		case !w.gen.is(to):
			out = append(out, w.backend)
			if w.state == StateReady {
				leaving = append(leaving, w)
				o.steer(w, false)
				o.endIdle(w)
			}
		case w.state == StateReady:
			in = append(in, w.backend)
			arriving = append(arriving, w)
		}
	}
	o.shiftUnix(slices.Clone(arriving), leaving)
	for _, w := range arriving {
		o.steer(w, true)
	}
	o.router.Shift(in, out)
}

// callOffSuccessors ends what is on its way to take a worker's place and is not
// of the generation that serves: it would come too late.
func (o *owner) callOffSuccessors(serving *generation) {
	for _, s := range o.slots {
		if n := s.next; n != nil && !n.gen.is(serving) {
			s.next = nil
			o.retire(s, n)
		}
	}
}

// complete starts the workers of a generation that are missing once it serves,
// and ends the rollout when nothing is left to do.
func (o *owner) complete(r *rollout) {
	if r.proved { // from now on its crashes are like any other's
		if !slices.ContainsFunc(o.all(), func(w *worker) bool { return !w.gen.is(r.to) && w.live() }) {
			o.endRollout(r)
		}
		return
	}
	all := true
	for _, s := range slices.Clone(o.slots) {
		if s.leaving || s.stopped {
			continue
		}
		if !s.has(r.to) && s.next == nil && !o.withheld(s) {
			s.stopTimer()
			s.failed = false
			o.succeed(s, r)
		}
		if o.rollout != r {
			return // that could not be, and has ended it
		}
		all = all && s.cur != nil && s.cur.gen.is(r.to) && s.cur.state == StateReady
	}
	if all && r.proving == nil {
		r.proving = time.AfterFunc(probation, func() { o.c.post(func(o *owner) { o.prove(r) }) })
	}
}

// prove ends the probation: what is left of the old generation goes.
func (o *owner) prove(r *rollout) {
	if o.rollout == r {
		r.proved = true
		r.dismissSpare(o)
	}
}

func (r *rollout) dismissSpare(o *owner) {
	if w := r.spare; w != nil {
		r.spare = nil
		o.drain(w)
	}
}

// release gives back what a rollout has beside its workers.
func (r *rollout) release(o *owner) {
	if r.proving != nil {
		r.proving.Stop()
	}
	r.mark.Close()
	r.dismissSpare(o)
}

func (o *owner) endRollout(r *rollout) {
	o.rollout = nil
	if r.undone {
		o.source.stale(o.refused.why, nil)
	} else {
		o.history.replaced(r.from, r.to)
		o.refused = rejected{}
	}
	o.reloaded(r.to, r.started, r.mark)
	r.release(o)
}
