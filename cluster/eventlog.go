package cluster

import (
	"context"
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

// eventLog numbers events and keeps the latest for its readers. Appending
// never waits for a reader.
type eventLog struct {
	now func() time.Time

	mu     sync.Mutex
	seq    uint64
	events ring
	logs   ring
	closed bool
	wake   chan struct{} // closed and replaced at each append while someone waits
	waits  int
}

// ring is a bounded queue of events. Its items have rising sequence numbers.
type ring struct {
	items    []Event
	head     int // index of the oldest
	maxItems int
	maxBytes int
	bytes    int
	dropped  uint64 // items pushed out so far
}

func newEventLog(now func() time.Time) *eventLog {
	return &eventLog{
		now:    now,
		events: ring{maxItems: keptEvents, maxBytes: 1 << 40},
		logs:   ring{maxItems: keptLogs, maxBytes: keptLogBytes},
		wake:   make(chan struct{}),
	}
}

// append adds an event. It is safe from any goroutine and never blocks on a reader.
func (l *eventLog) append(level Level, data EventData) Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seq++
	e := Event{Seq: l.seq, Time: l.now(), Level: level, Data: data}
	if _, isLog := data.(Log); isLog {
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

func size(e Event) int {
	if log, ok := e.Data.(Log); ok {
		return len(log.Line)
	}
	return 0
}

func (r *ring) len() int { return len(r.items) - r.head }

func (r *ring) push(e Event) {
	r.items = append(r.items, e)
	r.bytes += size(e)
	for r.len() > r.maxItems || r.bytes > r.maxBytes && r.len() > 1 {
		r.bytes -= size(r.items[r.head])
		r.items[r.head] = Event{}
		r.head++
		r.dropped++
	}
	if r.head > len(r.items)/2 && r.head > 64 {
		n := copy(r.items, r.items[r.head:])
		clear(r.items[n:])
		r.items, r.head = r.items[:n], 0
	}
}

// after returns the items with a sequence number above seq.
func (r *ring) after(seq uint64) []Event {
	lo, hi := r.head, len(r.items)
	for lo < hi {
		mid := (lo + hi) / 2
		if r.items[mid].Seq > seq {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return r.items[lo:]
}

// Subscription reads events in order, each once. It is for one goroutine.
type Subscription struct {
	log  *eventLog
	seq  uint64 // the last one delivered
	seen struct{ events, logs uint64 }
}

// subscribe returns a reader that starts with the oldest event still kept.
func (l *eventLog) subscribe() *Subscription { return &Subscription{log: l} }

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
	return b, nil, nil
}

// missed returns how many items left the ring before a reader that has had
// (or given up) the first seen of them.
func missed(r *ring, seen uint64) uint64 {
	if r.dropped > seen {
		return r.dropped - seen
	}
	return 0
}
