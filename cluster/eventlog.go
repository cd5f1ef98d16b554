package cluster

import (
	"context"
	"math"
	"sync"
	"time"
)

// How many events and log lines are kept for readers that lag behind. Log
// lines have a ring of their own, so that a flood of them displaces no event.
const (
	keptEvents    = 4096
	keptLogs      = 16384
	keptLogBytes  = 8 << 20
	maxEventBatch = 1024
)

// eventLog numbers events and keeps the latest for its readers.
type eventLog struct {
	now func() time.Time

	mu     sync.Mutex
	seq    uint64
	events ring
	logs   ring
	closed bool
	wake   chan struct{} // closed and replaced at each append while someone waits
	waits  int
	flood  floodGate
}

func newEventLog(now func() time.Time) *eventLog {
	return &eventLog{
		now:    now,
		events: ring{maxItems: keptEvents, maxBytes: math.MaxInt},
		logs:   ring{maxItems: keptLogs, maxBytes: keptLogBytes},
		wake:   make(chan struct{}),
		flood:  floodGate{progress: make(chan struct{})},
	}
}

// append adds an event. It is safe from any goroutine. An event never waits for
// a reader; a log line may for a moment, see floodGate.
func (l *eventLog) append(level Level, data EventData) Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	line, isLog := data.(Log)
	if isLog {
		l.awaitRoom(len(line.Line))
	}
	l.seq++
	e := Event{Seq: l.seq, Time: l.now(), Level: level, Data: data}
	if isLog {
		l.logs.push(e)
	} else {
		l.events.push(e)
	}
	l.wakeAll()
	return e
}

// close ends all subscriptions once they have read what is left.
func (l *eventLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.wakeAll()
}

func (l *eventLog) wakeAll() {
	if l.waits > 0 {
		close(l.wake)
		l.wake = make(chan struct{})
		l.waits = 0
	}
}

// Subscription reads events in order, each once. It is for one goroutine.
type Subscription struct {
	log  *eventLog
	seq  uint64 // the last one delivered
	seen struct{ events, logs uint64 }
	idle bool // it let a flood wait for nothing, and has not come since
}

// subscribe returns a reader that starts with the oldest event still kept.
func (l *eventLog) subscribe() *Subscription {
	s := &Subscription{log: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.flood.readers = append(l.flood.readers, s)
	return s
}

// Batch is what a subscription delivers at once.
type Batch struct {
	Events []Event
	// MissedEvents and MissedLogs count what was pushed out before this
	// reader came for it.
	MissedEvents, MissedLogs uint64
}

// Next waits for at least one event and returns up to a thousand, in order. It
// returns ctx.Err() if ctx ends first, and ErrStopped when the cluster has
// stopped and everything was read.
func (s *Subscription) Next(ctx context.Context) (Batch, error) {
	for {
		batch, wake, err := s.take()
		if err != nil || len(batch.Events) > 0 {
			return batch, err
		}
		select {
		case <-wake:
		case <-ctx.Done():
			return Batch{}, ctx.Err()
		}
	}
}

func (s *Subscription) take() (Batch, <-chan struct{}, error) {
	l := s.log
	l.mu.Lock()
	defer l.mu.Unlock()
	events, logs := l.events.after(s.seq), l.logs.after(s.seq)
	if len(events)+len(logs) == 0 {
		if l.closed {
			return Batch{}, nil, ErrStopped
		}
		l.waits++
		return Batch{}, l.wake, nil
	}
	// What a ring has let go that this reader has not had, it has missed.
	b := Batch{
		MissedEvents: missed(&l.events, s.seen.events),
		MissedLogs:   missed(&l.logs, s.seen.logs),
	}
	s.seen.events = max(s.seen.events, l.events.dropped)
	s.seen.logs = max(s.seen.logs, l.logs.dropped)
	for len(b.Events) < maxEventBatch && len(events)+len(logs) > 0 {
		if len(logs) == 0 || len(events) > 0 && events[0].Seq < logs[0].Seq {
			b.Events, events = append(b.Events, events[0]), events[1:]
			s.seen.events++
		} else {
			b.Events, logs = append(b.Events, logs[0]), logs[1:]
			s.seen.logs++
		}
	}
	s.seq = b.Events[len(b.Events)-1].Seq
	l.advanced(s)
	return b, nil, nil
}
