package adopt

import (
	"fmt"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSchedule: what is usual is changed, what somebody has chosen is not.
func TestSchedule(t *testing.T) {
	// A child has the policy of the thread that starts it. The thread is not
	// unlocked, so it ends with this test.
	runtime.LockOSThread()
	own, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		t.Fatal(err)
	}
	// In this order: there is no way back from SCHED_IDLE for an ordinary user.
	for _, c := range []struct {
		policy uint32
		want   string
	}{
		{unix.SCHED_NORMAL, "SCHED_BATCH"},
		{unix.SCHED_IDLE, "SCHED_IDLE"},
	} {
		own.Policy = c.policy
		if err := unix.SchedSetAttr(0, own, 0); err != nil {
			t.Fatal(err)
		}
		sockets(t, newHost(), "schedule").expect(fmt.Sprint(c.want, " ", own.Nice))
	}
}
