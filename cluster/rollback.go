package cluster

import (
	"fmt"
	"slices"
	"time"
)

// blames says whether the end of a worker makes the rollout fail: it is a new
// one, has not proved itself yet, and nobody asked for it.
func (r *rollout) blames(w *worker) bool {
	return r != nil && !r.back && !r.proved && w.gen.is(r.to) && !w.expected && !w.killed
}

// failRollout gives a rollout up. What is left of the generation before serves
// again at once, and is brought back to its full count. said is what the worker
// said last that it failed for, if it is for one.
func (o *owner) failRollout(why string, said []string) {
	r := o.rollout
	o.rollout = nil
	o.source.stale(why, said)
	o.emit(LevelError, ReloadFailed{Generation: r.to.num, Why: why})
	if r.undone {
		o.history.push(r.to)
		o.refused = r.refused
		o.source.stale(o.refused.why, o.refused.said)
	} else {
		o.refused = rejected{r.to.path, why, said}
	}
	if r.stopFirst && !o.serving.is(r.from) {
		r.release(o)
		if r.from.alike(r.to) { // what is on disk is all there is: it stays, and is supervised
			o.source.stale("", nil)
			o.refused = rejected{}
			o.fill()
			return
		}
		o.rollout = &rollout{from: r.to, to: r.from, back: true, stopFirst: true, mark: o.router.Mark(), started: time.Now()}
		o.step()
		return
	}
	o.reinstate(r)
	shifted := o.serving.is(r.to)
	if shifted {
		o.shift(r.from)
		o.emit(LevelWarn, RolledBack{Generation: r.from.num})
	}
	r.release(o)
	for _, s := range slices.Clone(o.slots) {
		for _, w := range []*worker{s.next, s.cur} {
			if w != nil && w.gen.is(r.to) {
				s.withdraw(w)
				o.retire(s, w)
			}
		}
		if s.cur != nil && shifted {
			s.cur.note = fmt.Sprintf("%s again, after %d failed", s.cur.state, r.to.num)
		}
	}
	if shifted && r.from.alike(r.to) {
		o.spareTheRest(r)
	}
	o.fill()
	o.giveUpIfHopeless(why)
}

// spareTheRest gives up the slots that have no worker of the generation before, if
// another has one. What would start in them now is what has just failed.
func (o *owner) spareTheRest(r *rollout) {
	if !slices.ContainsFunc(o.slots, func(s *slot) bool { return s.cur != nil && s.cur.gen.is(r.from) }) {
		return
	}
	for _, s := range o.slots {
		if s.cur == nil && !s.stopped && !s.leaving {
			s.stopTimer()
			s.failed, s.note = true, fmt.Sprintf("down: it would run what failed as %d", r.to.num)
		}
	}
}

// reinstate makes the spare of a failed rollout its slot's worker again.
func (o *owner) reinstate(r *rollout) {
	w := r.spare
	if w == nil || !w.live() || w.slot.leaving || w.slot.stopped {
		return
	}
	r.spare = nil
	s := w.slot
	s.forget(w)
	if s.cur != nil {
		o.retire(s, s.cur)
	}
	s.cur = w
}

// startOver lets a generation serve without a canary, once no worker of another
// is left. Requests are held meanwhile.
func (o *owner) startOver(r *rollout) {
	left := false
	for _, s := range slices.Clone(o.slots) {
		s.stopTimer()
		s.failed = false
		for _, w := range s.workers() {
			left = left || w.live()
			if w == s.cur || w == s.next {
				s.withdraw(w)
				o.retire(s, w)
			}
		}
	}
	if left {
		return
	}
	o.shift(r.to)
	if r.back {
		o.rollout = nil
		r.release(o)
	}
	if r.back || r.undone {
		o.emit(LevelWarn, RolledBack{Generation: r.to.num})
	}
	o.fill()
}

// withheld says whether no worker is to start in a slot now: there is no program
// yet, or the workers of the generation before, or of the slot, must end first.
func (o *owner) withheld(s *slot) bool {
	first := o.opts.StopFirst && len(s.old) > 0
	return first || o.serving == nil || o.rollout != nil && o.rollout.stopFirst && !o.serving.is(o.rollout.to)
}
