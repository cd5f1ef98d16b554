package router

import "time"

// Shift has every request from now on go to in instead of out: none that begins
// after the first answer of in is answered by out. What is in flight to out goes
// on; a backend that drains or is closed stays so.
//
// The clients of HTTP/2 tunnels to out are told to go elsewhere before in has its
// first request. For those that do not read what they are sent it waits a moment
// (goAwayLimit), with requests held, and no longer: they are told when they do.
func (r *Router) Shift(in, out []*Backend) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var told []<-chan struct{}
	for _, b := range out {
		if b.state.Load() == stateReady {
			b.become(stateStarting)
		}
		told = b.sendAway(told)
	}
	if len(told) > 0 {
		r.mu.Unlock()
		await(told, r.awayLimit)
		r.mu.Lock()
	}
	for _, b := range in {
		if b.state.Load() == stateStarting {
			b.become(stateReady)
		}
	}
}

// await waits until all channels are closed, for limit at most.
func await(all []<-chan struct{}, limit time.Duration) {
	late := time.NewTimer(limit)
	defer late.Stop()
	for _, done := range all {
		select {
		case <-done:
		case <-late.C:
			return
		}
	}
}

// SetOutage says whether to refuse requests for which no backend is ready at
// once, with what Explain says, instead of holding them: nothing that would
// serve them is on its way. 0 means no; any other number stands for what Explain
// says, so that a browser that shows it is told when there is another one.
func (r *Router) SetOutage(number int) {
	if r.outage.Swap(int64(number)) == int64(number) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed) // wakes those who wait
	r.changed = make(chan struct{})
}
