package adopt

import (
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSchedule: what is usual is changed, what somebody has chosen is not.
func TestSchedule(t *testing.T) {
	sockets(t, newHost(), "schedule").expect("SCHED_BATCH 0")

	// A child has the policy of the thread that starts it. The thread is not
	// unlocked, so it ends with this test.
	runtime.LockOSThread()
	if err := unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_NORMAL, Nice: 5}, 0); err != nil {
		t.Fatal(err)
	}
	sockets(t, newHost(), "schedule").expect("SCHED_BATCH 5")
	if err := unix.SchedSetAttr(0, &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_IDLE}, 0); err != nil {
		t.Fatal(err)
	}
	sockets(t, newHost(), "schedule").expect("SCHED_IDLE 5")
}
