package router

// pick returns the route of a ready backend for a request on p and counts the
// request in, or nil if none is ready. avoid, if not nil, is not picked.
//
// Two goroutines may see the same backend as the least busy; the next pick
// evens that out.
func (p *Port) pick(avoid *route) *route {
	return p.choose(avoid, requestLoad)
}

// pickTunnel is pick for a tunnel, which goes where the fewest are.
func (p *Port) pickTunnel() *route {
	return p.choose(nil, tunnelLoad)
}

func requestLoad(b *Backend) int64 { return b.inFlight.Load() }
func tunnelLoad(b *Backend) int64  { return b.inFlight.Load() + b.tunnels.Load() }

func (p *Port) choose(avoid *route, load func(*Backend) int64) *route {
	for {
		ready := *p.ready.Load()
		var best *route
		if p.r.opts.Policy == RoundRobin {
			best = p.inTurn(ready, avoid)
		} else {
			best = p.least(ready, avoid, load)
		}
		if best == nil || best.b.enter() {
			return best
		}
		// It left the list between the look and the claim: look again.
	}
}

// start returns where in a list of n the next turn begins.
func (p *Port) start(n int) int { return int(p.turn.Add(1) % uint64(n)) }

func (p *Port) inTurn(ready []*route, avoid *route) *route {
	n := len(ready)
	if n == 0 {
		return nil
	}
	for i, at := 0, p.start(n); i < n; i++ {
		if rt := ready[at]; rt != avoid {
			return rt
		}
		if at++; at == n {
			at = 0
		}
	}
	return nil
}

func (p *Port) least(ready []*route, avoid *route, load func(*Backend) int64) *route {
	n := len(ready)
	if n == 0 {
		return nil
	}
	var best *route
	var fewest int64
	for i, at := 0, p.start(n); i < n; i++ {
		if rt := ready[at]; rt != avoid {
			if l := load(rt.b); best == nil || l < fewest {
				best, fewest = rt, l
			}
		}
		if at++; at == n {
			at = 0
		}
	}
	return best
}
