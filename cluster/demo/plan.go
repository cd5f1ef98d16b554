package demo

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// The load's day: how many requests a second, and how long a day takes.
const (
	meanRate = 275.0
	waveRate = 110.0 // above the mean at noon, below it at midnight
	day      = 75 * time.Second
)

// How far apart the crashes are, and when the first one comes at the latest.
const (
	minCrashGap = 20 * time.Second
	maxCrashGap = 40 * time.Second
	firstCrash  = 15 * time.Second
)

// crashPath is what crashes a worker.
const crashPath = "/crash"

// request is one step of a plan.
type request struct {
	at     time.Duration // since the start of the load
	method string
	path   string
}

// plan is an endless sequence of requests. Its seed decides all of it. It is
// for one goroutine.
type plan struct {
	rand      *rand.Rand
	at        time.Duration
	nextCrash time.Duration
}

func newPlan(seed uint64) *plan {
	p := &plan{rand: rand.New(rand.NewPCG(seed, 0))}
	p.nextCrash = p.between(firstCrash/2, firstCrash)
	return p
}

// next returns the next request. Requests come as from many independent
// clients: the gaps are exponentially distributed around the day's rate.
func (p *plan) next() request {
	gap := p.rand.ExpFloat64() / rateAt(p.at)
	p.at += time.Duration(gap * float64(time.Second))
	if p.at >= p.nextCrash {
		p.nextCrash = p.at + p.between(minCrashGap, maxCrashGap)
		return request{p.at, "POST", crashPath}
	}
	return request{p.at, "GET", p.path()}
}

// path picks a route; most are fast, as in life.
func (p *plan) path() string {
	switch n := p.rand.IntN(1000); {
	case n < 60:
		return "/slow?ms=" + p.number(20, 300)
	case n < 75:
		return "/burn?ms=" + p.number(5, 30)
	case n < 85:
		return "/big"
	case n < 88:
		return "/fail"
	case n < 105:
		return "/missing"
	}
	return "/"
}

func (p *plan) number(low, high int) string {
	return strconv.Itoa(low + p.rand.IntN(high-low+1))
}

func (p *plan) between(low, high time.Duration) time.Duration {
	return low + time.Duration(p.rand.Int64N(int64(high-low)))
}

// rateAt is how many requests a second there are at one time of the day, which
// starts in the morning.
func rateAt(at time.Duration) float64 {
	return meanRate + waveRate*math.Sin(2*math.Pi*at.Seconds()/day.Seconds())
}
