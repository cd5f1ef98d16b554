package cluster

import (
	"fmt"
	"slices"
	"time"

	"gcl-tui/cluster/internal/adopt"
	"gcl-tui/cluster/internal/metrics"
	"gcl-tui/cluster/internal/router"
)

// owner holds the table of workers. Its methods run in its goroutine only,
// which ends when the last worker has ended after a stop.
type owner struct {
	c    *Cluster
	opts Options

	adoption  string // as shown
	adopting  bool
	launcher  launcher
	router    *router.Router
	loop      *loopback
	ports     []*publicPort
	unix      *adopt.UnixSockets        // that workers share
	unixNames []string                  // of those that a worker has listened on
	unixShift chan struct{}             // closed at the end of the latest shiftUnix
	parting   map[*membership]time.Time // on their way out of their groups, at the latest then
	awaiting  bool                      // whether awaitHandshakes runs
	silence   time.Duration             // how long it lasts on an idle connection (kernelidle.go)

	slots    []*slot // sorted by number
	want     int
	listened bool            // some worker of the program has listened
	wasReady bool            // some worker was ready
	warned   map[string]bool // what warnOnce has said

	serving *generation // which has the requests; nil before the first
	served  served
	history history
	refused rejected
	rollout *rollout // of another generation, nil if there is none on its way
	roll    *roll    // a rolling restart of this one
	source  source
	outage  outage

	started     time.Time
	stopping    bool
	stopStarted time.Time
	closing     chan struct{} // at the end: closed once clients have been sent away
	failure     error         // why the cluster ended by itself
	finished    bool

	usage   metrics.Sample
	traffic trafficRate
}

// publishEvery is how often a snapshot is made while nothing happens.
const publishEvery = 500 * time.Millisecond

// run is the owner's goroutine.
func (o *owner) run() {
	tick := time.NewTicker(publishEvery)
	defer tick.Stop()
	for !o.finished {
		select {
		case f := <-o.c.inbox:
			o.do(f)
			o.drainInbox()
		case <-tick.C:
			o.unix.Sweep()
		}
		o.publish()
	}
	o.end()
}

// do carries out what the owner is asked to, and what follows from it.
func (o *owner) do(f func(*owner)) {
	f(o)
	o.step()
}

// drainInbox takes what else waits, so that one snapshot covers it.
func (o *owner) drainInbox() {
	for !o.finished {
		select {
		case f := <-o.c.inbox:
			o.do(f)
		default:
			return
		}
	}
}

// emit publishes an event.
func (o *owner) emit(level Level, data EventData) { o.c.log.append(level, data) }

// slot returns the slot with a number, or an error for a person.
func (o *owner) slot(num int) (*slot, error) {
	i, found := slices.BinarySearchFunc(o.slots, num, func(s *slot, n int) int { return s.num - n })
	if !found {
		return nil, fmt.Errorf("there is no w%d", num)
	}
	return o.slots[i], nil
}

// addSlot returns the slot with a number, made if need be.
func (o *owner) addSlot(num int) *slot {
	i, found := slices.BinarySearchFunc(o.slots, num, func(s *slot, n int) int { return s.num - n })
	if !found {
		o.slots = slices.Insert(o.slots, i, &slot{num: num})
	}
	return o.slots[i]
}

// scale sets how many workers there are to be: slots 1 to n.
func (o *owner) scale(n int, by string) error {
	switch {
	case o.stopping:
		return ErrStopped
	case n < 1 || n > MaxWorkers:
		return fmt.Errorf("cannot scale to %d workers: the count goes from 1 to %d", n, MaxWorkers)
	case n == o.want:
		return nil
	}
	o.emit(LevelInfo, Scaled{From: o.want, To: n, By: by})
	o.want = n
	o.fill()
	for _, s := range slices.Clone(o.slots) {
		if s.num > n {
			o.vacate(s)
		}
	}
	return nil
}

// fill starts a worker in each slot up to the wanted count that has none.
func (o *owner) fill() {
	for num := 1; num <= o.want; num++ {
		s := o.addSlot(num)
		fresh := s.cur == nil && s.timer == nil && !s.stopped && !s.failed
		if s.leaving {
			s.leaving, s.stopped, s.failed, fresh = false, false, false, s.cur == nil
		}
		if fresh {
			o.startIn(s)
		}
	}
}

// vacate takes a slot away once its workers have ended.
func (o *owner) vacate(s *slot) {
	s.leaving = true
	s.stopTimer()
	if s.next != nil {
		o.retire(s, s.next)
		s.next = nil
	}
	if s.cur != nil {
		o.retire(s, s.cur)
		s.cur = nil
	}
	o.removeIfVacant(s)
}

func (o *owner) removeIfVacant(s *slot) {
	if s.leaving && s.empty() {
		o.slots = slices.DeleteFunc(o.slots, func(x *slot) bool { return x == s })
	}
}

// retire sends a worker on its way out. It no longer is its slot's current or
// next one.
func (o *owner) retire(s *slot, w *worker) {
	s.old = append(s.old, w)
	o.drain(w)
}

// all returns every worker there is.
func (o *owner) all() []*worker {
	var all []*worker
	for _, s := range o.slots {
		all = append(all, s.workers()...)
	}
	return all
}
