package cluster

import (
	"context"
	"fmt"
	"time"

	"gcl-tui/cluster/internal/proc"
)

// startIn starts the current worker of an empty slot, unless it is to wait.
func (o *owner) startIn(s *slot) {
	s.stopTimer()
	s.stopped, s.failed = false, false
	if o.withheld(s) {
		return
	}
	w, err := o.spawn(s, o.serving)
	if err != nil {
		o.startFailed(s, err)
		return
	}
	s.cur = w
}

// startFailed treats a process that could not be made as a crash: what is
// short (processes, memory, descriptors) may be there again in a moment.
func (o *owner) startFailed(s *slot, err error) {
	s.crash = startFailure(s.num, err)
	s.note = s.crash.reason
	o.emit(LevelError, Warning{Text: fmt.Sprintf("w%d cannot start: %v", s.num, err)})
	o.failRollAt(s)
	o.afterCrash(s, 0, false)
}

// spawn starts a worker's process of a generation in a slot.
func (o *owner) spawn(s *slot, g *generation) (*worker, error) {
	w := &worker{
		slot:    s,
		gen:     g,
		state:   StateStarting,
		started: time.Now(),
		out:     &output{slot: s.num, append: o.c.log.append, open: &o.c.outputs},
		backend: o.router.NewBackend(s.num),
	}
	w.backend.SetGeneration(g.num)
	ctx, cancel := context.WithCancel(context.Background())
	w.cancelReady = cancel
	st := start{
		path:  g.path,
		argv:  g.argv,
		env:   workerEnv(g.env, s.num, o.want, g.num),
		dir:   o.opts.Dir,
		adopt: o.adopting,
		host:  host{o.c, w},
		unix:  o.unix,
		out:   w.out,
		failed: func(err error) {
			o.c.post(func(*owner) { w.verdict = "cannot run: " + err.Error() })
		},
	}
	wait, err := o.prepareReady(ctx, w, &st)
	if err == nil {
		w.pid, w.proc, err = o.launcher.launch(st)
	}
	if err != nil {
		cancel()
		if wait != nil {
			go wait() // gives back what it would have waited on
		}
		w.closeNotify()
		w.backend.Close()
		return nil, err
	}
	o.emit(LevelInfo, WorkerStarted{Worker: s.num, PID: w.pid, Generation: w.gen.num})
	w.note = "started"
	go o.c.watchExit(w, w.proc)
	go wait()
	return w, nil
}

// exitGrace is how long the report of an exit waits for the last of the
// output, which a surviving child may hold open.
const exitGrace = 25 * time.Millisecond

// watchExit reports a worker's end. It ends when nothing of the worker is left.
func (c *Cluster) watchExit(w *worker, p process) {
	<-p.Exited()
	grace := time.NewTimer(exitGrace)
	select {
	case <-w.out.ended:
	case <-grace.C:
	}
	grace.Stop()
	c.post(func(o *owner) { o.exited(w, p.Exit()) })
	<-p.Gone()
	c.post(func(o *owner) { o.gone(w) })
}

// ready lets a worker have requests.
func (o *owner) ready(w *worker) {
	if w.state != StateStarting || w.proc == nil {
		return
	}
	w.cancelReady()
	w.state, w.wasReady, o.wasReady = StateReady, true, true
	w.slot.crash = nil
	o.admit(w)
	took := time.Since(w.started).Truncate(time.Millisecond) // as the event has it
	addr := ""
	if w.addr.IsValid() {
		addr = w.addr.String()
	}
	w.note = fmt.Sprintf("ready %v", took)
	o.emit(LevelInfo, WorkerReady{
		Worker: w.slot.num, PID: w.pid, Generation: w.gen.num,
		TookMS: took.Milliseconds(), Addr: addr,
	})
	if s := w.slot; s.next == w {
		o.promote(s)
	}
	o.stepRoll(w.slot)
}

// admit lets a worker that is ready have requests, if its generation serves or
// is to serve from now on.
func (o *owner) admit(w *worker) {
	switch r := o.rollout; {
	case w.gen.is(o.serving):
		o.served.note(w.gen)
		w.backend.Ready()
		o.steer(w, true)
	case r != nil && w.gen.is(r.to):
		o.shift(r.to)
		if r.undone {
			o.emit(LevelWarn, RolledBack{Generation: r.to.num})
		}
	}
}

// notReady gives up a worker that was not ready in time.
func (o *owner) notReady(w *worker, why string) {
	if w.state != StateStarting || w.proc == nil {
		return
	}
	w.verdict = why
	_ = w.proc.Kill()
}

// exited deals with the end of a worker's process.
func (o *owner) exited(w *worker, exit proc.Exit) {
	w.cancelReady()
	w.closeNotify()
	if w.escalation != nil {
		w.escalation.Stop()
	}
	w.backend.Close()
	w.proc = nil
	o.carryOver(w)
	s := w.slot
	uptime := time.Since(w.started)
	reason := reasonOf(w, exit)
	level, asked := LevelInfo, w.expected || w.killed
	if !asked {
		level = LevelError
		s.crash = crashOf(w, exit, uptime)
	}
	o.emit(level, WorkerExited{
		Worker: s.num, PID: w.pid, Generation: w.gen.num, Code: exit.Code, Signal: exit.Signal,
		Expected: asked, UptimeMS: uptime.Milliseconds(), Reason: reason,
	})
	o.explainPort(w, reason)
	current, successor := s.cur == w, s.next == w
	s.forget(w)
	if r := o.rollout; r != nil && r.spare == w {
		r.spare = nil
	}
	switch {
	case o.stopping:
		s.note = "stopped"
		o.finishIfIdle()
	case o.rollout.blames(w):
		s.note = reason
		o.failRollout(fmt.Sprintf("w%d: %s", s.num, reason+s.crash.place(o.c.dir)), s.crash.stderr)
	case successor && !w.expected:
		o.replacementFailed(s, reason)
	case current && !w.expected:
		s.note = reason
		o.takeOver(w, uptime)
	case current && w.again:
		s.restarts++
		o.startIn(s)
	case s.stopped && s.empty():
		s.note = "stopped"
	case s.awaiting():
		o.startIn(s)
	}
	o.removeIfVacant(s)
	o.stepRoll(s)
}

// takeOver follows the crash of a slot's current worker, or its being killed: a
// successor that is on its way takes its place, or a restart is due, which waits
// for no backoff if somebody asked for the end. A canary takes nobody's place
// until it is ready: it may never be.
func (o *owner) takeOver(w *worker, uptime time.Duration) {
	if !w.wasReady {
		o.failRollAt(w.slot)
	}
	switch s := w.slot; {
	case s.next != nil && s.next.gen.is(o.serving):
		s.cur, s.next = s.next, nil
	case w.killed:
		s.restarts++
		o.startIn(s)
	default:
		o.afterCrash(s, uptime, w.wasReady)
	}
}

// afterCrash schedules a restart, or gives the slot up.
func (o *owner) afterCrash(s *slot, uptime time.Duration, wasReady bool) {
	v := s.policy.crashed(time.Now(), uptime, wasReady)
	if v.giveUp {
		s.failed = true
		s.policy = restartPolicy{}
		o.emit(LevelError, CrashLoop{Worker: s.num, Crashes: v.crashes, WindowMS: v.window.Milliseconds()})
		o.giveUpIfHopeless(s.note)
		return
	}
	s.restarts++
	o.emit(LevelWarn, RestartScheduled{Worker: s.num, DelayMS: v.delay.Milliseconds(), Attempt: v.attempt})
	if v.delay == 0 && s.cur == nil {
		o.startIn(s)
		return
	}
	s.restartAt = time.Now().Add(v.delay)
	s.timer = time.AfterFunc(v.delay, func() { o.c.post(func(o *owner) { o.restartDue(s) }) })
}

func (o *owner) restartDue(s *slot) {
	if s.timer == nil {
		return // called off
	}
	s.stopTimer()
	if s.cur == nil && !o.stopping && !s.leaving {
		o.startIn(s)
	}
}

// gone gives back what a worker held until its last process had ended.
func (o *owner) gone(w *worker) {
	for _, k := range w.socks {
		if k.lent.IsValid() {
			o.loop.give(k.lent)
		}
	}
	w.socks = nil
}
