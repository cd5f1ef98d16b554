package adopt

import (
	"fmt"
	"runtime"
	"testing"

	"golang.org/x/sys/unix"
)

// TestSchedule: what is usual is changed.
func TestSchedule(t *testing.T) {
	// A child has the policy of the thread that starts it. The thread is not
	// unlocked, so it ends with this test.
	runtime.LockOSThread()
	own := setPolicy(t, unix.SCHED_NORMAL)
	sockets(t, newHost(), "schedule").expect(fmt.Sprint("SCHED_BATCH ", own.Nice))
}

// TestScheduleThatIsChosen is left alone. No program is started for it: beside two
// that are busy, one that is to run when nobody else wants to takes minutes.
func TestScheduleThatIsChosen(t *testing.T) {
	got := make(chan uint32)
	go func() {
		defer close(got)
		runtime.LockOSThread() // for good: there is no way back for an ordinary user
		setPolicy(t, unix.SCHED_IDLE)
		scheduleAsBatch()
		if attr, err := unix.SchedGetAttr(0, 0); err != nil {
			t.Error(err)
		} else {
			got <- attr.Policy
		}
	}()
	if policy := <-got; policy != unix.SCHED_IDLE {
		t.Errorf("policy %d, want %d as before", policy, unix.SCHED_IDLE)
	}
}

// setPolicy gives this thread a policy and returns what it has then.
func setPolicy(t *testing.T, policy uint32) *unix.SchedAttr {
	t.Helper()
	own, err := unix.SchedGetAttr(0, 0)
	if err != nil {
		t.Error(err)
		return &unix.SchedAttr{}
	}
	own.Policy = policy
	if err := unix.SchedSetAttr(0, own, 0); err != nil {
		t.Error(err)
	}
	return own
}
