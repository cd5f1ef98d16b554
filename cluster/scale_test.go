package cluster

import (
	"testing"
	"time"
)

func TestScaleUpAndDown(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.do(r.Scale(3, "you"))
		r.pass(time.Second)
		r.do(r.ScaleBy(-2, "signal"))
		r.rows("w1 ready 1 ready 1s")
		r.do(r.Scale(1, "you")) // as it is: nothing to tell
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"scaled from:1 to:3 by:you",
			"worker_started worker:2 pid:2 gen:1",
			"worker_started worker:3 pid:3 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_ready worker:2 pid:2 gen:1 took_ms:1000 addr:",
			"worker_ready worker:3 pid:3 gen:1 took_ms:1000 addr:",
			"scaled from:3 to:1 by:signal",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:1000 reason:SIGTERM",
			"worker_exited worker:3 pid:3 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:1000 reason:SIGTERM",
		)
		if got := r.proc(3).start.env; got[2] != "GCL_WORKERS=3" {
			t.Errorf("the new worker is told %q", got)
		}
	})
}

func TestScaleRefusesWhatIsOutOfBounds(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.refused(r.Scale(0, "you"), "cannot scale to 0 workers: the count goes from 1 to 1024")
		r.refused(r.Scale(MaxWorkers+1, "you"), "cannot scale to 1025 workers: the count goes from 1 to 1024")
		r.refused(r.ScaleBy(-1, "you"), "there must be 1 to 1024 workers")
		r.do(r.ScaleBy(MaxWorkers+7, "you"))
		if n := len(r.Snapshot().Workers); n != MaxWorkers {
			t.Errorf("%d workers", n)
		}
		r.refused(r.ScaleBy(1, "you"), "there must be 1 to 1024 workers")
	})
}

func TestScaleUpWhileTheSlotStillDrains(t *testing.T) {
	inDeafBubble(t, 2, func(r *rig) {
		r.do(r.Scale(1, "you"))
		r.rows("w1 ready 1 ready 1s", "w2 stopping 2 stopping")
		r.refused(r.Restart(2), "w2 is on its way out")
		r.do(r.Scale(2, "you"))
		r.rows("w1 ready 1 ready 1s", "w2 stopping 2 stopping", "w2 starting 3 started")
		r.do(r.Scale(1, "you"))
		r.rows("w1 ready 1 ready 1s", "w2 stopping 2 stopping", "w2 stopping 3 stopping")
		r.do(r.Scale(2, "you"))
		r.pass(time.Second)
		r.fake.obedient()
		r.rows("w1 ready 1 ready 1s", "w2 ready 4 ready 1s")
		r.events(
			"scaled from:2 to:1 by:you",
			"worker_draining worker:2 pid:2 gen:1 in_flight:0",
			"scaled from:1 to:2 by:you",
			"worker_started worker:2 pid:3 gen:1",
			"scaled from:2 to:1 by:you",
			"scaled from:1 to:2 by:you",
			"worker_started worker:2 pid:4 gen:1",
			"worker_ready worker:2 pid:4 gen:1 took_ms:1000 addr:",
			"worker_exited worker:2 pid:2 gen:1 code:0 signal: expected:true uptime_ms:2000 reason:exit 0",
			"worker_exited worker:2 pid:3 gen:1 code:0 signal: expected:true uptime_ms:1000 reason:exit 0",
		)
	})
}

func TestScaledAwaySlotInBackoffStartsNothing(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.crash(2)
		r.crash(3)
		r.rows("w1 starting 1 started", "w2 backoff 0 exit 1")
		r.do(r.Scale(1, "you"))
		r.pass(time.Minute)
		r.rows("w1 ready 1 ready 1s")
		r.do(r.Scale(2, "you")) // a new slot, with no crash on its record
		r.pass(time.Second)
		r.crash(4)
		r.rows("w1 ready 1 ready 1s", "w2 starting 5 started")
	})
}

func TestFillLeavesStoppedAndFailedSlotsAlone(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.do(r.StopWorker(1))
		r.fake.set(exitAtOnce(1))
		r.crash(2)
		r.pass(time.Minute)
		r.fake.set(func(f *fakeLauncher) { f.dying = nil })
		r.do(r.Scale(3, "you"))
		r.pass(time.Second)
		r.rows("w1 exited 0 stopped", "w2 failed 0 exit 1", "w3 ready 7 ready 1s")
	})
}
