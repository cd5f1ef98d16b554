package adopt

import "golang.org/x/sys/unix"

// scheduleAsBatch has this thread, and all that it executes or forks, wait for
// a free core or the end of a slice when it wakes up (SCHED_BATCH, sched(7)). A
// worker that took the core at each request from the router or client that has
// just sent it would have every request pay for two switches; so they come in
// lots when the machine is busy, and at once when it is not. What the user has
// chosen, such as SCHED_IDLE or SCHED_FIFO, stays, and so does the nice value.
//
// Nothing depends on it, so it is no error if a sandbox refuses.
func scheduleAsBatch() {
	attr, err := unix.SchedGetAttr(0, 0)
	if err != nil || attr.Policy != unix.SCHED_NORMAL {
		return
	}
	attr.Policy = unix.SCHED_BATCH
	_ = unix.SchedSetAttr(0, attr, 0)
}
