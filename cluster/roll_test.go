package cluster

import (
	"errors"
	"testing"
	"time"
)

func TestRollReplacesInTurn(t *testing.T) {
	inReadyBubble(t, 3, func(r *rig) {
		r.do(r.Reload("you"))
		r.refused(r.Reload("you"), "a rolling restart is already on its way")
		if !r.Snapshot().Reloading {
			t.Error("the snapshot does not tell of it")
		}
		r.pass(3 * time.Second)
		r.rows("w1 ready 4 ready 1s", "w2 ready 5 ready 1s", "w3 ready 6 ready 1s")
		r.events(
			"reload_started gen:1 cause:you",
			"worker_started worker:1 pid:4 gen:1",
			"worker_ready worker:1 pid:4 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:2000 reason:SIGTERM",
			"worker_started worker:2 pid:5 gen:1",
			"worker_ready worker:2 pid:5 gen:1 took_ms:1000 addr:",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:3000 reason:SIGTERM",
			"worker_started worker:3 pid:6 gen:1",
			"worker_ready worker:3 pid:6 gen:1 took_ms:1000 addr:",
			"worker_exited worker:3 pid:3 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:4000 reason:SIGTERM",
			"reload_done gen:1 took_ms:3000 requests:0 failed:0 max_wait_ms:0",
		)
		if r.Snapshot().Reloading {
			t.Error("the snapshot does not tell of the end")
		}
	})
}

// Where two must not run at once, a worker has ended before its successor starts.
func TestRollThatStopsFirst(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(time.Second)
		r.do(r.Reload("you"))
		r.pass(3 * time.Second)
		r.do(r.Restart(1))
		r.pass(2 * time.Second)
		r.rows("w1 ready 5 ready 1s", "w2 ready 4 ready 1s")
		r.events(
			"cluster_started workers:2 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_started worker:2 pid:2 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_ready worker:2 pid:2 gen:1 took_ms:1000 addr:",
			"reload_started gen:1 cause:you",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:1000 reason:SIGTERM",
			"worker_started worker:1 pid:3 gen:1",
			"worker_ready worker:1 pid:3 gen:1 took_ms:1000 addr:",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:2000 reason:SIGTERM",
			"worker_started worker:2 pid:4 gen:1",
			"worker_ready worker:2 pid:4 gen:1 took_ms:1000 addr:",
			"reload_done gen:1 took_ms:2000 requests:0 failed:0 max_wait_ms:0",
			"worker_exited worker:1 pid:3 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:3000 reason:SIGTERM",
			"worker_started worker:1 pid:5 gen:1",
			"worker_ready worker:1 pid:5 gen:1 took_ms:1000 addr:",
		)
	})
}

// If the successor does not come up, the others are spared, and the slot goes on.
func TestRollThatStopsFirstAndFails(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(time.Second)
		r.do(r.Reload("you"))
		r.pass(500 * time.Millisecond)
		r.crash(3)
		r.pass(2 * time.Second)
		r.rows("w1 ready 4 ready 1s", "w2 ready 2 ready 1s")
		if r.Snapshot().Reloading {
			t.Error("it goes on for ever")
		}
	})
}

func TestRollEndsWithASuccessorThatCrashes(t *testing.T) {
	inReadyBubble(t, 3, func(r *rig) {
		r.do(r.Reload("you"))
		r.pass(time.Second)
		r.crash(5)
		r.pass(time.Minute)
		r.rows("w1 ready 4 ready 1s", "w2 ready 2 replacement failed: exit 1", "w3 ready 3 ready 1s")
		r.events(
			"reload_started gen:1 cause:you",
			"worker_started worker:1 pid:4 gen:1",
			"worker_ready worker:1 pid:4 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:2000 reason:SIGTERM",
			"worker_started worker:2 pid:5 gen:1",
			"worker_exited worker:2 pid:5 gen:1 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"warning text:w2 was not replaced: exit 1",
			"reload_failed gen:1 why:w2: exit 1",
		)
	})
}

func TestRollEndsWithASuccessorThatCannotBeMade(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.do(r.Reload("you"))
		r.rows("w1 ready 1 replacement failed: out of processes", "w2 ready 2 ready 1s")
		r.events(
			"reload_started gen:1 cause:you",
			"warning text:w1 was not replaced: out of processes",
			"reload_failed gen:1 why:w1: out of processes",
		)
	})
}

func TestRollOverASlotInBackoff(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.crash(1)
		r.crash(3)
		r.rows("w1 backoff 0 exit 1", "w2 ready 2 ready 1s")
		r.do(r.Reload("you"))
		r.rows("w1 starting 4 started", "w2 ready 2 ready 1s")
		r.pass(2 * time.Second)
		r.rows("w1 ready 4 ready 1s", "w2 ready 5 ready 1s")
		if r.Snapshot().Reloading {
			t.Error("it goes on for ever")
		}
	})
}

// A slot that was down has no predecessor that goes on; the roll has failed all
// the same.
func TestRollEndsWithASlotThatStaysDown(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.crash(1)
		r.crash(3)
		r.do(r.Reload("you"))
		r.crash(4)
		r.rows("w1 backoff 0 exit 1", "w2 ready 2 ready 1s")
		if r.Snapshot().Reloading {
			t.Error("it goes on")
		}
		r.events(
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:3 gen:1",
			"worker_exited worker:1 pid:3 gen:1 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:100 attempt:2",
			"reload_started gen:1 cause:you",
			"worker_started worker:1 pid:4 gen:1",
			"worker_exited worker:1 pid:4 gen:1 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"reload_failed gen:1 why:w1: exit 1",
			"restart_scheduled worker:1 delay_ms:200 attempt:3",
		)
	})
}

func TestRollEndsWithASlotThatCannotStart(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.crash(1)
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.crash(3)
		r.do(r.Reload("you"))
		r.events(
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:3 gen:1",
			"worker_exited worker:1 pid:3 gen:1 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:100 attempt:2",
			"reload_started gen:1 cause:you",
			"warning text:w1 cannot start: out of processes",
			"reload_failed gen:1 why:w1: cannot start: out of processes",
			"restart_scheduled worker:1 delay_ms:200 attempt:3",
		)
	})
}

func TestRollOverWorkersThatStart(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.pass(500 * time.Millisecond)
		r.do(r.Reload("you"))
		r.pass(2 * time.Second)
		r.rows("w1 ready 3 ready 1s", "w2 ready 4 ready 1s")
		r.events(
			"cluster_started workers:2 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_started worker:2 pid:2 gen:1",
			"reload_started gen:1 cause:you",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:500 reason:SIGTERM",
			"worker_started worker:1 pid:3 gen:1",
			"worker_ready worker:2 pid:2 gen:1 took_ms:1000 addr:",
			"worker_ready worker:1 pid:3 gen:1 took_ms:1000 addr:",
			"worker_started worker:2 pid:4 gen:1",
			"worker_ready worker:2 pid:4 gen:1 took_ms:1000 addr:",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:2500 reason:SIGTERM",
			"reload_done gen:1 took_ms:2000 requests:0 failed:0 max_wait_ms:0",
		)
	})
}

// TestRollThatCannotStartFirst: with the first worker stopped, and no other to be
// had for it, the second one goes on.
func TestRollThatCannotStartFirst(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(time.Second)
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.do(r.Reload("you"))
		r.rows("w1 backoff 0 cannot start: out of processes", "w2 ready 2 ready 1s")
		if r.Snapshot().Reloading {
			t.Error("it goes on")
		}
		r.fake.set(func(f *fakeLauncher) { f.fail = nil })
		r.pass(2 * time.Second)
		r.rows("w1 ready 3 ready 1s", "w2 ready 2 ready 1s")
	})
}

func TestCrashDuringARoll(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.Reload("you"))
		r.crash(1) // its successor takes over
		r.pass(500 * time.Millisecond)
		r.crash(2) // restarted, and started again in its turn
		r.pass(1500 * time.Millisecond)
		r.rows("w1 ready 3 ready 1s", "w2 ready 5 ready 1s")
		r.events(
			"reload_started gen:1 cause:you",
			"worker_started worker:1 pid:3 gen:1",
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"worker_exited worker:2 pid:2 gen:1 code:1 signal: expected:false uptime_ms:1500 reason:exit 1",
			"restart_scheduled worker:2 delay_ms:0 attempt:1",
			"worker_started worker:2 pid:4 gen:1",
			"worker_ready worker:1 pid:3 gen:1 took_ms:1000 addr:",
			"worker_exited worker:2 pid:4 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:500 reason:SIGTERM",
			"worker_started worker:2 pid:5 gen:1",
			"worker_ready worker:2 pid:5 gen:1 took_ms:1000 addr:",
			"reload_done gen:1 took_ms:2000 requests:0 failed:0 max_wait_ms:0",
		)
	})
}

func TestScaleDuringARoll(t *testing.T) {
	inReadyBubble(t, 3, func(r *rig) {
		r.do(r.Reload("you"))
		r.pass(time.Second)
		r.rows("w1 ready 4 ready 1s", "w2 ready 2 ready 1s", "w2 starting 5 started", "w3 ready 3 ready 1s")
		r.disobey(3)
		r.do(r.Scale(1, "you"))
		r.rows("w1 ready 4 ready 1s", "w3 stopping 3 stopping")
		r.fake.obedient()
		r.events(
			"reload_started gen:1 cause:you",
			"worker_started worker:1 pid:4 gen:1",
			"worker_ready worker:1 pid:4 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:2000 reason:SIGTERM",
			"worker_started worker:2 pid:5 gen:1",
			"scaled from:3 to:1 by:you",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:2000 reason:SIGTERM",
			"worker_exited worker:2 pid:5 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:0 reason:SIGTERM",
			"reload_done gen:1 took_ms:1000 requests:0 failed:0 max_wait_ms:0",
			"worker_exited worker:3 pid:3 gen:1 code:0 signal: expected:true uptime_ms:2000 reason:exit 0",
		)
	})
}

func TestStopOfTheSlotThatARollIsAt(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.Reload("you"))
		r.do(r.StopWorker(1))
		r.pass(time.Second)
		r.rows("w1 exited 0 stopped", "w2 ready 4 ready 1s")
		if r.Snapshot().Reloading {
			t.Error("it goes on for ever")
		}
	})
}

func TestStopDuringARoll(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.Reload("you"))
		r.Stop()
		if err := r.Wait(r.t.Context()); err != nil {
			t.Error(err)
		}
		for _, w := range r.Snapshot().Workers {
			if w.PID != 0 {
				t.Errorf("left is %+v", w)
			}
		}
		if len(r.fake.started()) != 3 {
			t.Errorf("%d processes were started", len(r.fake.started()))
		}
	})
}
