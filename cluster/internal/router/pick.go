package router

import "slices"

// pick returns the route of a ready backend for a request on p and counts the
// request in, or nil if none is ready. What is to be avoided is not picked.
//
// Two goroutines may see the same backend as the least busy; the next pick
// evens that out.
func (p *Port) pick(avoid []*route) *route {
	return p.choose(avoid, requestLoad)
}

// pickTunnel is pick for a tunnel, which goes where the fewest are.
func (p *Port) pickTunnel(avoid []*route) *route {
	return p.choose(avoid, tunnelLoad)
}

func requestLoad(b *Backend) int64 { return b.inFlight.Load() }
func tunnelLoad(b *Backend) int64  { return b.inFlight.Load() + b.tunnels.Load() }

func (p *Port) choose(avoid []*route, load func(*Backend) int64) *route {
	if p.r.opts.Policy == RoundRobin {
		load = noLoad
	}
	for {
		rt := p.least(avoid, load)
		if rt == nil {
			return nil
		}
		rt.turn.Store(p.turn.Add(1))
		if rt.b.enter() {
			return rt
		}
		// It left the list between the look and the claim: look again.
	}
}

func noLoad(*Backend) int64 { return 0 }

// least returns the ready route with the least load, and of equal ones that
// whose turn was longest ago.
func (p *Port) least(avoid []*route, load func(*Backend) int64) *route {
	var best *route
	var fewest int64
	var turn uint64
	for _, rt := range *p.ready.Load() {
		if slices.Contains(avoid, rt) {
			continue
		}
		l, t := load(rt.b), rt.turn.Load()
		if best == nil || l < fewest || l == fewest && t < turn {
			best, fewest, turn = rt, l, t
		}
	}
	return best
}
