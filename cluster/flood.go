package cluster

import "time"

// How long log lines may wait for readers that are about to miss some: a
// moment for one that does not come, and no longer in all, until the readers
// have caught up. What follows is dropped and counted.
const (
	readerPatience = 100 * time.Millisecond
	floodPatience  = 2 * time.Second
)

// floodGate slows writers of log lines down a little, so that a burst that a
// reader could take is not lost to it. The eventLog's lock guards it.
type floodGate struct {
	readers  []*Subscription
	progress chan struct{} // closed and replaced when a reader takes something
	waited   time.Duration // since the readers last had caught up
}

// awaitRoom waits, within the limits, until the log lines that one of n bytes
// would push out have been read by all who come for them. The lock is held
// before and after.
func (l *eventLog) awaitRoom(n int) {
	for l.flood.waited < floodPatience && l.behind(l.logs.displaced(n)) {
		progress, began := l.flood.progress, time.Now()
		timeout := time.NewTimer(readerPatience)
		l.mu.Unlock()
		came := false
		select {
		case <-progress:
			came = true
		case <-timeout.C:
		}
		timeout.Stop()
		l.mu.Lock()
		l.flood.waited += time.Since(began)
		if !came {
			l.giveUpOnIdle(l.logs.displaced(n))
		}
	}
}

// behind says whether a reader that comes for lines has not had all up to seq.
func (l *eventLog) behind(seq uint64) bool {
	for _, s := range l.flood.readers {
		if !s.idle && s.seq < seq {
			return true
		}
	}
	return false
}

func (l *eventLog) giveUpOnIdle(seq uint64) {
	for _, s := range l.flood.readers {
		s.idle = s.idle || s.seq < seq
	}
}

// advanced notes that a reader has come.
func (l *eventLog) advanced(s *Subscription) {
	s.idle = false
	if len(l.logs.after(s.seq)) == 0 {
		l.flood.waited = 0
	}
	close(l.flood.progress)
	l.flood.progress = make(chan struct{})
}
