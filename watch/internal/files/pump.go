package files

import (
	"errors"
	"sync"
	"time"
)

// maxQueue bounds the events that wait for the owner. Beyond it they are dropped
// and everything is compared instead, which is quicker then anyway.
const maxQueue = 1 << 16

// pump drains a backend, so that the system's queue stays short while the owner
// is busy adding watches. Its goroutine ends when the backend is closed.
type pump struct {
	wake chan struct{} // has a value when there is something to take
	now  func() time.Time

	mu     sync.Mutex
	queue  []event
	last   time.Time // of the newest event
	lost   bool
	failed error
}

func newPump() *pump { return &pump{wake: make(chan struct{}, 1), now: time.Now} }

// run reads until both channels are closed.
func (p *pump) run(b backend) {
	events, errs := b.events(), b.errors()
	for events != nil || errs != nil {
		select {
		case e, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			if o := opOf(e); o != 0 && e.Name != "" {
				p.put(event{e.Name, o})
			}
		case err, ok := <-errs:
			if !ok {
				errs = nil
				continue
			}
			p.fail(err)
		}
	}
}

// put queues an event. A program that writes a file in many pieces sends as many
// equal events, which are one.
func (p *pump) put(e event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = p.now()
	switch n := len(p.queue); {
	case n > 0 && p.queue[n-1] == e:
	case n >= maxQueue:
		p.queue, p.lost = nil, true
	case !p.lost:
		p.queue = append(p.queue, e)
	}
	p.signal()
}

// fail notes an error of the backend. Any but an overflow ends the use of it.
func (p *pump) fail(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if errors.Is(err, errOverflow) {
		p.lost, p.last = true, p.now()
	} else if err != nil {
		p.failed = err
	}
	p.signal()
}

func (p *pump) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// batch is what was drained since the last take.
type batch struct {
	events []event
	last   time.Time // when the newest came
	lost   bool      // events are missing
	failed error
}

func (p *pump) take() batch {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := batch{p.queue, p.last, p.lost, p.failed}
	p.queue, p.lost, p.failed = nil, false, nil
	return b
}
