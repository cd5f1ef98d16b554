package router

// Shift has every request from now on go to in instead of out, in one step: none
// that begins after the first answer of in is answered by out. What is in
// flight to out goes on; a backend that drains or is closed stays so.
func (r *Router) Shift(in, out []*Backend) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, b := range out {
		if b.state.Load() == stateReady {
			b.become(stateStarting)
		}
	}
	for _, b := range in {
		if b.state.Load() == stateStarting {
			b.become(stateReady)
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
