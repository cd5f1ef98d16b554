package cluster

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"gcl-tui/cluster/internal/router"
)

// roll is a rolling restart: the slots in turn, each new worker ready before
// its predecessor drains, or the other way round where two must not run at once.
type roll struct {
	queue   []int       // slots to come
	current *slot       // the one being replaced, nil between two
	before  *generation // with the environment of before
	mark    *router.Mark
	started time.Time
}

// reload begins a rolling restart of all workers.
func (o *owner) reload(cause string, env []string) error {
	switch {
	case o.stopping:
		return ErrStopped
	case o.roll != nil:
		return errors.New("a rolling restart is already on its way")
	case o.rollout != nil:
		return fmt.Errorf("generation %d is on its way already", o.rollout.to.num)
	case o.serving == nil:
		return errors.New("there is nothing to restart yet")
	}
	o.roll = &roll{mark: o.router.Mark(), started: time.Now(), before: o.serving}
	again := *o.serving
	again.env = env
	o.serving = &again
	for _, s := range o.slots {
		if !s.leaving && !s.stopped {
			o.roll.queue = append(o.roll.queue, s.num)
		}
	}
	o.emit(LevelInfo, ReloadStarted{Generation: o.serving.num, Cause: cause})
	o.stepRoll(nil)
	return nil
}

// stepRoll goes on with a rolling restart if the slot that it waits for (or
// no slot) has nothing left to replace.
func (o *owner) stepRoll(changed *slot) {
	r := o.roll
	if r == nil || r.current != changed || o.stopping {
		return
	}
	if s := r.current; s != nil && (s.arriving() || len(s.old) > 0) {
		return
	}
	for r.current = nil; r.current == nil; {
		if len(r.queue) == 0 {
			o.endRoll()
			return
		}
		num := r.queue[0]
		r.queue = r.queue[1:]
		if s, err := o.slot(num); err == nil && !s.leaving && !s.stopped {
			if o.replace(s); s.arriving() || s.awaiting() {
				r.current = s
			}
		}
		if o.roll != r {
			return // the replacement failed at once, and the roll with it
		}
	}
}

func (o *owner) endRoll() {
	r := o.roll
	o.roll = nil
	o.reloaded(o.serving, r.started, r.mark)
	r.mark.Close()
}

// reloaded tells of the end of a reload, and what clients went through.
func (o *owner) reloaded(g *generation, since time.Time, m *router.Mark) {
	done := ReloadDone{Generation: g.num, TookMS: time.Since(since).Milliseconds(), Requests: unknown, Failed: unknown, MaxWaitMS: unknown}
	if o.sees() {
		receipt := m.Receipt()
		done.Requests, done.Failed = Tally(receipt.Requests), Tally(receipt.Failed)
		done.MaxWaitMS = Tally(receipt.MaxWait.Milliseconds())
	}
	o.emit(LevelInfo, done)
}

// failRoll gives a rolling restart up; the workers not yet replaced go on.
func (o *owner) failRoll(why string) {
	if o.roll == nil {
		return
	}
	o.roll.mark.Close()
	if o.serving.is(o.roll.before) {
		o.serving = o.roll.before
	}
	o.roll = nil
	o.emit(LevelError, ReloadFailed{Generation: o.serving.num, Why: why})
}

// failRollAt gives a rolling restart up if it is at that slot, which was down or
// has been stopped first and has got no worker: the rest is not to go the same way.
func (o *owner) failRollAt(s *slot) {
	if r := o.roll; r != nil && (r.current == s || r.current == nil) {
		o.failRoll(fmt.Sprintf("w%d: %s", s.num, s.note))
	}
}

// replace starts the successor of a slot's worker, or simply a worker where
// there is none. Where two must not run at once, it stops first.
func (o *owner) replace(s *slot) {
	switch {
	case s.cur == nil:
		o.startIn(s)
	case s.next != nil || s.cur.again: // on its way already
	case s.cur.state == StateStarting || o.opts.StopFirst:
		s.cur.again = true
		o.drain(s.cur)
	default:
		next, err := o.spawn(s, o.serving)
		if err != nil {
			o.replacementFailed(s, err.Error())
			return
		}
		s.next = next
	}
}

// promote makes a slot's successor, now ready, its current worker.
func (o *owner) promote(s *slot) {
	old := s.cur
	s.cur, s.next = s.next, nil
	s.policy = restartPolicy{}
	s.stopTimer() // what was to be restarted here, or was given up, has been replaced
	s.failed = false
	switch r := o.rollout; {
	case old == nil:
	case old.gen.is(s.cur.gen):
		s.restarts++
		o.retire(s, old)
	case r != nil && r.spare == nil && !r.proved && old.state == StateReady:
		old.note = "spare until the new generation has proved itself"
		r.spare = old
		s.old = append(s.old, old)
	default:
		o.retire(s, old)
	}
}

// replacementFailed follows the end of a successor that never became ready:
// its predecessor goes on.
func (o *owner) replacementFailed(s *slot, why string) {
	if s.cur != nil {
		s.cur.note = "replacement failed: " + why
	}
	o.emit(LevelError, Warning{Text: fmt.Sprintf("w%d was not replaced: %s", s.num, why)})
	if o.roll != nil && (o.roll.current == s || o.roll.current == nil) {
		o.failRoll(fmt.Sprintf("w%d: %s", s.num, why))
	}
}

// restart replaces the worker of one slot.
func (o *owner) restart(num int) error {
	s, err := o.steerable(num)
	if err != nil {
		return err
	}
	if s.next != nil || s.cur != nil && s.cur.again {
		return fmt.Errorf("w%d is being replaced already", num)
	}
	o.replace(s)
	return nil
}

// steerable returns a slot that a person may act on.
func (o *owner) steerable(num int) (*slot, error) {
	if o.stopping {
		return nil, ErrStopped
	}
	s, err := o.slot(num)
	if err == nil && s.leaving {
		return nil, fmt.Errorf("w%d is on its way out", num)
	}
	return s, err
}

// stopWorker stops the worker of a slot; asked again, it kills it.
func (o *owner) stopWorker(num int) error {
	s, err := o.steerable(num)
	if err != nil {
		return err
	}
	s.stopTimer()
	if s.stopped {
		for _, w := range s.workers() {
			o.kill(w)
		}
		return nil
	}
	s.stopped = true
	if s.empty() {
		s.failed, s.note = false, "stopped"
	}
	for _, w := range []*worker{s.next, s.cur} {
		if w != nil {
			o.retire(s, w)
		}
	}
	s.cur, s.next = nil, nil
	o.stepRoll(s)
	return nil
}

// startWorker starts the worker of a slot that is down.
func (o *owner) startWorker(num int) error {
	s, err := o.steerable(num)
	if err != nil {
		return err
	}
	if s.cur != nil {
		return fmt.Errorf("w%d runs already", num)
	}
	s.policy = restartPolicy{}
	o.startIn(s)
	return nil
}

// killWorker ends the workers of a slot with SIGKILL; they come back unless
// they were on their way out.
func (o *owner) killWorker(num int) error {
	s, err := o.slot(num)
	if err != nil {
		return err
	}
	live := slices.DeleteFunc(s.workers(), func(w *worker) bool { return !w.live() })
	if len(live) == 0 {
		return fmt.Errorf("w%d has no process to kill", num)
	}
	for _, w := range live {
		o.kill(w)
	}
	return nil
}

func (o *owner) kill(w *worker) {
	if w.proc == nil {
		return
	}
	select {
	case <-w.proc.Exited():
		return // by itself, of which is told once its output is read
	default:
	}
	if w.verdict == "" {
		w.verdict = "killed (you)"
	}
	w.killed = true
	_ = w.proc.Kill()
}
