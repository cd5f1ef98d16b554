package cluster

import (
	"fmt"
	"time"

	"gcl-tui/cluster/internal/router"
)

// lullPoll is how often it is looked whether a draining worker has a lull.
const lullPoll = 100 * time.Millisecond

// drain takes a worker out of service: no new requests, then, when those in
// flight have ended or StopTimeout is over, the stop signal. Tunnels do not end by
// themselves: when none has anything under way, it is for the program to end them
// as its protocol has it.
func (o *owner) drain(w *worker) {
	w.expected = true
	w.cancelReady()
	if w.leaving() {
		return
	}
	retire := w.unix && !o.stopping // at the end nobody else would accept
	if w.state != StateReady || len(w.socks)+len(w.members) == 0 && !retire {
		w.backend.Drain()
		o.signalStop(w)
		return
	}
	w.state = StateDraining
	inFlight := w.backend.Stats().InFlight
	w.note = "draining"
	o.emit(LevelInfo, WorkerDraining{
		Worker: w.slot.num, PID: w.pid, Generation: w.gen.num, InFlight: inFlight,
	})
	if o.steer(w, false); len(w.members) > 0 {
		if o.stopping { // nobody is left to take over: the program's own stop must do
			o.signalStop(w)
			return
		}
		o.drainInKernel(w)
		return
	}
	late := time.NewTimer(o.opts.StopTimeout)
	closing, exited := o.closing, w.proc.Exited()
	go func() { // ends with the drain, its limit, or the process
		defer late.Stop()
		if retire {
			o.retireUnix(w.pid, exited)
		}
		if awaitDrained(o.router, w.backend, closing, exited, late.C) {
			o.c.post(func(o *owner) { o.signalStop(w) })
		}
	}()
}

// awaitDrained takes a worker out of the router and waits until nothing is under
// way in it or it is late. It returns false if the process has ended meanwhile. At
// the end of the cluster, which closing tells, clients are sent away before; what
// nobody can look into is not waited for then, since no other worker could go on
// with it either: it is for the program's own stop.
func awaitDrained(r *router.Router, b *router.Backend, closing, exited <-chan struct{}, late <-chan time.Time) bool {
	ended, drained := r.OnlyTunnels, (<-chan struct{})(nil)
	if closing == nil {
		ended, drained = b.Lull, b.Drain()
	}
	tick := time.NewTicker(lullPoll)
	defer tick.Stop()
	for !ended() {
		select {
		case <-tick.C:
			continue
		case <-closing:
		case <-drained:
		case <-late:
		case <-exited:
			return false
		}
		break
	}
	b.Drain()
	return true
}

// signalStop sends the stop signal, and SIGKILL after StopTimeout.
func (o *owner) signalStop(w *worker) {
	if w.state == StateStopping || w.proc == nil {
		return
	}
	w.state = StateStopping
	w.note = "stopping"
	if err := w.proc.Signal(o.opts.StopSignal); err != nil {
		o.emit(LevelWarn, Warning{Text: err.Error()})
	}
	w.escalation = time.AfterFunc(o.opts.StopTimeout, func() {
		o.c.post(func(o *owner) { o.escalate(w) })
	})
}

func (o *owner) escalate(w *worker) {
	if w.proc == nil {
		return
	}
	w.verdict = fmt.Sprintf("killed: did not stop within %v", o.opts.StopTimeout)
	_ = w.proc.Kill()
}
