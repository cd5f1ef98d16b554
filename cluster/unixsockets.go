package cluster

import (
	"slices"
	"time"

	"gcl-tui/cluster/internal/proc"
)

// listeningUnix notes that a worker listens on a Unix socket. The workers accept
// from its one queue: the router has no part in it.
func (o *owner) listeningUnix(w *worker, name string) {
	if w.proc == nil && w.pid != 0 {
		return
	}
	if !slices.Contains(o.unixNames, name) {
		o.unixNames = append(o.unixNames, name)
		o.emit(LevelInfo, PortOpened{Addr: name})
	}
	w.unix, o.listened = true, true
	if o.opts.Ready.Kind == ReadyListen {
		o.ready(w)
	}
}

// sees says whether what clients ask passes through the master.
func (o *owner) sees() bool {
	return !o.inKernel() && (len(o.unixNames) == 0 || o.portKnown())
}

// ListeningUnix implements adopt.Host.
func (h host) ListeningUnix(name string) {
	_ = h.c.ask(func(o *owner) { o.listeningUnix(h.w, name) })
}

// Replaced implements adopt.Host.
func (h host) Replaced() (replaced bool) {
	_ = h.c.ask(func(o *owner) { replaced = h.w.expected && !o.stopping })
	return replaced
}

// unixPatience is how long a shift may wait for the workers' Unix sockets. Only a
// file system that hangs takes longer than some milliseconds for each.
const unixPatience = 5 * time.Second

// shiftUnix has workers that are not to get requests any more accept none from Unix
// sockets, before those do that come in. Some may be there again that went out.
func (o *owner) shiftUnix(in, out []*worker) {
	none := func(w *worker) bool { return !w.unix || w.proc == nil }
	in, out = slices.DeleteFunc(in, none), slices.DeleteFunc(out, none)
	if len(in)+len(out) == 0 {
		return
	}
	var pids []int
	for _, w := range out {
		pids = append(pids, w.pid)
	}
	before, done, shared := o.unixShift, make(chan struct{}), o.unix
	o.unixShift = done
	go func() { // ends when all sockets have been looked at, after the shift before
		defer close(done)
		if before != nil {
			<-before
		}
		sessions := proc.Sessions(pids)
		for i, w := range out {
			w.unixOut = append(w.unixOut, shared.Retire(sessions[pids[i]]))
		}
		for _, w := range in {
			for _, r := range w.unixOut {
				shared.Recall(r)
			}
			w.unixOut = nil
		}
	}()
	patience := time.NewTimer(unixPatience)
	defer patience.Stop()
	select {
	case <-done:
	case <-patience.C:
	}
}

// retireUnix has a worker accept no more from Unix sockets, and gives it the time to
// read what it has been asked there: Go's net/http, for one, does not answer what it
// reads after it was told to stop.
func (o *owner) retireUnix(pid int, exited <-chan struct{}) {
	o.unix.Retire(proc.Sessions([]int{pid})[pid])
	grace := time.NewTimer(lullPoll)
	defer grace.Stop()
	select {
	case <-grace.C:
	case <-exited:
	}
}
