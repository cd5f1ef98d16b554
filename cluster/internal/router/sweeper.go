package router

import (
	"sync/atomic"
	"time"
)

// sweeper finds waits that take long, in place of a timer per request. It looks
// at all connections once in a while and interrupts the wait of those that are
// where they were several looks ago; what that means is theirs to know.
//
// An interruption that comes too late hits some other wait. So every reader
// takes one as a reason to look around, not as a failure.
type sweeper struct {
	r      *Router
	parked atomic.Bool
	wake   chan struct{}
	ended  chan struct{}
}

const sweepEvery = 20 * time.Millisecond

// patience is after how many sweeps a wait has been long, by phase.
var patience = [phases]int{
	silent:    int(100 * time.Millisecond / sweepEvery),
	partial:   int(time.Second / sweepEvery),
	answering: int(40 * time.Millisecond / sweepEvery),
	mute:      int(2 * time.Second / sweepEvery),
	leaving:   int(200 * time.Millisecond / sweepEvery),
}

const (
	// restless is how many sweeps without anything to see pass before the
	// sweeper sleeps until it is woken.
	restless = 10
	// trimEvery is how often idle connections to backends are looked at.
	trimEvery = time.Second
)

// keepIdle is how long idle connections to backends are kept. It is longer than the
// pauses of a busy client and shorter than most servers' own limit.
var keepIdle = 4 * time.Second

func (s *sweeper) start(r *Router) {
	s.r = r
	s.wake = make(chan struct{}, 1)
	s.ended = make(chan struct{})
	go s.run()
}

// rouse makes sure that the sweeper looks. It is called at each change of phase
// that it is to see, after the change.
func (s *sweeper) rouse() {
	if s.parked.Load() && s.parked.CompareAndSwap(true, false) {
		s.wake <- struct{}{}
	}
}

// run is the sweeper's goroutine. It ends when the router is closed.
func (s *sweeper) run() {
	defer close(s.ended)
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	trim := time.NewTicker(trimEvery)
	defer trim.Stop()
	quiet := 0
	for {
		select {
		case <-s.r.ctx.Done():
			return
		case <-trim.C:
			now := clock()
			s.r.trim(now - int64(keepIdle))
			s.r.feed.tune(now)
		case <-s.wake:
			quiet = 0
			ticker.Reset(sweepEvery)
		case <-ticker.C:
			if s.sweep() {
				quiet = 0
			} else if quiet++; quiet == restless {
				ticker.Stop()
				s.parked.Store(true)
				// One more look, for what began before parked was set.
				if s.sweep() {
					s.rouse()
				}
			}
		}
	}
}

// sweep reports whether any connection is in a phase that has a limit.
func (s *sweeper) sweep() bool {
	busy := false
	for _, chunk := range s.r.conns.all() {
		for i := range chunk {
			slot := &chunk[i]
			state := slot.state.Load()
			if state%phases == idle {
				continue
			}
			busy = true
			if state != slot.seen {
				slot.seen, slot.ticks = state, 0
				continue
			}
			if slot.ticks++; slot.ticks == patience[state%phases] {
				s.r.conns.wake(slot, state)
			}
		}
	}
	return busy
}
