package cluster

import (
	"math/rand/v2"
	"slices"
	"time"
)

// The rules for what follows a crash.
const (
	firstBackoff = 100 * time.Millisecond
	maxBackoff   = 15 * time.Second
	steadyAfter  = 10 * time.Second // up for so long, and the count starts anew

	// So many crashes within the window, none of them after having been
	// ready, or so many of any kind, are a crash loop.
	deadCrashes = 5
	deadWindow  = 10 * time.Second
	loopCrashes = 10
	loopWindow  = time.Minute
)

// restartPolicy decides for one slot what follows a crash. The zero value has
// seen none.
type restartPolicy struct {
	attempt int
	any     []time.Time // crashes within loopWindow
	dead    []time.Time // crashes within deadWindow since a worker was last ready
}

// verdict is what follows a crash: a delay, or giving up.
type verdict struct {
	delay   time.Duration
	attempt int // from 1
	giveUp  bool
	crashes int           // that led to giving up
	window  time.Duration // in which they came
}

// crashed counts a crash at now of a worker that had been up for uptime.
func (p *restartPolicy) crashed(now time.Time, uptime time.Duration, wasReady bool) verdict {
	if uptime >= steadyAfter {
		p.attempt = 0
	}
	if wasReady {
		p.dead = nil
	} else {
		p.dead = append(within(p.dead, now, deadWindow), now)
	}
	p.any = append(within(p.any, now, loopWindow), now)
	switch {
	case len(p.dead) >= deadCrashes:
		return verdict{giveUp: true, crashes: len(p.dead), window: now.Sub(p.dead[0])}
	case len(p.any) >= loopCrashes:
		return verdict{giveUp: true, crashes: len(p.any), window: now.Sub(p.any[0])}
	}
	p.attempt++
	return verdict{delay: backoff(p.attempt), attempt: p.attempt}
}

// within drops the times that are older than window.
func within(times []time.Time, now time.Time, window time.Duration) []time.Time {
	return slices.DeleteFunc(times, func(t time.Time) bool { return now.Sub(t) > window })
}

// backoff returns how long to wait before a restart: nothing the first time,
// then 100 ms doubling to 15 s. A fifth of it is jitter, so that workers that
// crashed together do not start together.
func backoff(attempt int) time.Duration {
	if attempt <= 1 {
		return 0
	}
	d := maxBackoff
	if shift := attempt - 2; shift < 8 {
		d = min(d, firstBackoff<<shift)
	}
	return d - time.Duration(rand.Int64N(int64(d)/5))
}
