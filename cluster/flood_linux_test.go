package cluster

import "testing"

// A worker that floods its output costs the master the rings and no more, and
// of what a reader cannot have it is told how much that was.
func TestFloodOfAWorkerIsBounded(t *testing.T) {
	before := heap()
	l := startLive(t, Options{Command: program("flood"), Workers: 1, Ready: Ready{Kind: ReadyDelay}})
	const lines = floodBytes/1024 + 1
	read, missed := l.logsUpTo(l.sub, floodEnd)
	if read+missed != lines {
		t.Errorf("%d lines read and %d missed, of %d", read, missed, lines)
	}
	read, missed = l.logsUpTo(l.Subscribe(), floodEnd) // it comes too late for most
	if read+missed != lines || read > keptLogs || missed == 0 {
		t.Errorf("late, %d lines read and %d missed, of %d", read, missed, lines)
	}
	if grown := heap() - before; grown > 32<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

// logsUpTo reads log lines up to the one given.
func (l *live) logsUpTo(s *Subscription, end string) (read, missed int) {
	l.t.Helper()
	for last := ""; last != end; {
		b, err := s.Next(l.ctx)
		if err != nil {
			l.t.Fatalf("%v, after %d lines read and %d missed", err, read, missed)
		}
		if b.MissedEvents != 0 {
			l.t.Errorf("%d events were missed", b.MissedEvents)
		}
		missed += int(b.MissedLogs)
		for _, e := range b.Events {
			if line, ok := e.Data.(Log); ok {
				read, last = read+1, line.Line
			}
		}
	}
	return read, missed
}
