package cluster

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// newTestClock returns a clock that goes on by a second at each look.
func newTestClock() func() time.Time {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return func() time.Time {
		now = now.Add(time.Second)
		return now
	}
}

// readAll reads what a new subscription gets of a log that nothing more is
// added to, and sums up what it missed.
func readAll(t *testing.T, l *eventLog) Batch {
	t.Helper()
	l.close()
	return drainSubscription(t, l.subscribe())
}

func drainSubscription(t *testing.T, s *Subscription) Batch {
	t.Helper()
	var all Batch
	for {
		b, err := s.Next(t.Context())
		if errors.Is(err, ErrStopped) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Events) == 0 || len(b.Events) > maxEventBatch {
			t.Fatalf("a batch of %d", len(b.Events))
		}
		all.Events = append(all.Events, b.Events...)
		all.MissedEvents += b.MissedEvents
		all.MissedLogs += b.MissedLogs
	}
}

func appendLogs(l *eventLog, n int) {
	for i := range n {
		l.append(LevelInfo, Log{Worker: 1, Line: fmt.Sprint(i)})
	}
}

func appendEvents(l *eventLog, n int) {
	for i := range n {
		l.append(LevelWarn, Warning{Text: fmt.Sprint(i)})
	}
}

func TestSubscriptionReadsInOrder(t *testing.T) {
	l := newEventLog(newTestClock())
	for range 1500 {
		appendEvents(l, 1)
		appendLogs(l, 2)
	}
	b := readAll(t, l)
	for i, e := range b.Events {
		if e.Seq != uint64(i)+1 {
			t.Fatalf("event %d has number %d", i+1, e.Seq)
		}
		if i > 0 && !e.Time.After(b.Events[i-1].Time) {
			t.Fatalf("event %d is not later than the one before", i+1)
		}
		if isLog := e.Name() == "log"; isLog != (i%3 != 0) {
			t.Fatalf("event %d is a %s", i+1, e.Name())
		}
	}
	if len(b.Events) != 4500 || b.MissedEvents+b.MissedLogs != 0 {
		t.Errorf("%d read, %d and %d missed", len(b.Events), b.MissedEvents, b.MissedLogs)
	}
}

func TestFloodOfLogsDisplacesNoEvent(t *testing.T) {
	l := newEventLog(time.Now)
	appendEvents(l, 7)
	appendLogs(l, 5*keptLogs)
	appendEvents(l, 7)
	b := readAll(t, l)
	if got := len(b.Events) - keptLogs; got != 14 || b.MissedEvents != 0 || b.MissedLogs != 4*keptLogs {
		t.Errorf("%d events kept, %d events and %d logs missed", got, b.MissedEvents, b.MissedLogs)
	}
	if last := b.Events[len(b.Events)-1]; last.Seq != 14+5*keptLogs {
		t.Errorf("the last is number %d", last.Seq)
	}
}

func TestSlowReaderIsToldWhatItMissed(t *testing.T) {
	l := newEventLog(time.Now)
	s := l.subscribe()
	appendEvents(l, 10)
	appendLogs(l, 10)
	if b, err := s.Next(t.Context()); err != nil || len(b.Events) != 20 {
		t.Fatal(len(b.Events), err)
	}
	appendLogs(l, keptLogs+3)
	appendEvents(l, keptEvents+5)
	b, err := s.Next(t.Context())
	if err != nil || b.MissedEvents != 5 || b.MissedLogs != 3 {
		t.Fatalf("missed %d events and %d logs (%v), want 5 and 3", b.MissedEvents, b.MissedLogs, err)
	}
	// Half read, and pushed out further meanwhile.
	appendEvents(l, keptEvents)
	l.close()
	rest := drainSubscription(t, s)
	logs, events := uint64(0), uint64(0)
	for _, e := range append(b.Events, rest.Events...) {
		if e.Name() == "log" {
			logs++
		} else {
			events++
		}
	}
	if logs != keptLogs || rest.MissedLogs != 0 {
		t.Errorf("%d logs read and %d missed later, want all %d", logs, rest.MissedLogs, keptLogs)
	}
	if events+rest.MissedEvents != 2*keptEvents {
		t.Errorf("%d events read and %d missed later, want %d in all", events, rest.MissedEvents, 2*keptEvents)
	}
}

func TestLogsAreBoundedByBytes(t *testing.T) {
	l := newEventLog(time.Now)
	line := string(make([]byte, maxLine))
	const written = 3 * keptLogBytes / maxLine
	for range written {
		l.append(LevelInfo, Log{Line: line})
	}
	b := readAll(t, l)
	if len(b.Events) != keptLogBytes/maxLine || b.MissedLogs != written-keptLogBytes/maxLine {
		t.Errorf("%d lines kept, %d missed", len(b.Events), b.MissedLogs)
	}
}

// What is bounded by bytes waits for its readers as well: the reader comes when
// the writer waits already, and misses nothing.
func TestLongLinesWaitForTheirReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newEventLog(time.Now)
		s := l.subscribe()
		const length, written = 1000, 2 * keptLogBytes / 1000 // a line's does not divide the limit
		go func() {
			line := string(make([]byte, length))
			for range written {
				l.append(LevelInfo, Log{Line: line})
			}
			l.close()
		}()
		synctest.Wait()
		if b := drainSubscription(t, s); len(b.Events) != written || b.MissedLogs != 0 {
			t.Errorf("%d lines read and %d missed, of %d", len(b.Events), b.MissedLogs, written)
		}
	})
}

func TestReadersAndWritersTogether(t *testing.T) {
	l := newEventLog(time.Now)
	var writers, readers sync.WaitGroup
	for range 4 {
		writers.Go(func() { appendEvents(l, 500); appendLogs(l, 500) })
		readers.Go(func() {
			for i, e := range drainSubscription(t, l.subscribe()).Events {
				if e.Seq != uint64(i)+1 {
					t.Errorf("event %d has number %d", i+1, e.Seq)
					return
				}
			}
		})
	}
	writers.Wait()
	l.close()
	readers.Wait()
	if b := drainSubscription(t, l.subscribe()); len(b.Events) != 4000 {
		t.Errorf("%d events in all", len(b.Events))
	}
}

func TestWaitingReaderWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newEventLog(time.Now)
		got := make(chan Batch)
		for range 3 {
			go func() {
				b, err := l.subscribe().Next(t.Context())
				if err != nil {
					t.Error(err)
				}
				got <- b
			}()
		}
		synctest.Wait() // all wait
		appendEvents(l, 1)
		for range 3 {
			if b := <-got; len(b.Events) != 1 {
				t.Errorf("a batch of %d", len(b.Events))
			}
		}
	})
}

func TestNextEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newEventLog(time.Now)
		s := l.subscribe()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		appendEvents(l, 1) // the subscription goes on
		if b, err := s.Next(t.Context()); err != nil || len(b.Events) != 1 {
			t.Errorf("%d events, %v", len(b.Events), err)
		}
	})
}

func TestCloseEndsWaitingReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newEventLog(time.Now)
		appendEvents(l, 1)
		ended := make(chan int)
		go func() { ended <- len(drainSubscription(t, l.subscribe()).Events) }()
		synctest.Wait()
		l.close()
		if n := <-ended; n != 1 {
			t.Errorf("%d events read before the end", n)
		}
	})
}
