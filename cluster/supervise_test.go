package cluster

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"gcl-tui/cluster/internal/proc"
)

// The table and the event must not tell two figures of one thing.
func TestTimeToBeReadyIsOne(t *testing.T) {
	delay := 29*time.Millisecond + 600*time.Microsecond
	inBubble(t, Options{Workers: 1, Ready: Ready{Kind: ReadyDelay, Delay: delay}}, func(r *rig) {
		r.pass(delay)
		r.rows("w1 ready 1 ready 29ms")
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:29 addr:",
		)
	})
}

func TestStartAndStop(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.events(
			"cluster_started workers:2 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_started worker:2 pid:2 gen:1",
		)
		r.rows("w1 starting 1 started", "w2 starting 2 started")
		r.pass(time.Second)
		r.events(
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_ready worker:2 pid:2 gen:1 took_ms:1000 addr:",
		)
		r.rows("w1 ready 1 ready 1s", "w2 ready 2 ready 1s")
		r.Stop()
		if err := r.Wait(r.t.Context()); err != nil {
			t.Errorf("ended with %v", err)
		}
		if !r.fake.closed {
			t.Error("the launcher was not closed")
		}
		if s := r.Snapshot(); len(s.Workers) != 2 || !s.Stopping {
			t.Errorf("the last snapshot is %+v", s)
		}
		for _, err := range []error{
			r.Scale(3, "you"), r.ScaleBy(1, "you"), r.Reload("you"), r.Restart(1),
			r.StopWorker(1), r.StartWorker(1), r.Kill(1),
		} {
			if !errors.Is(err, ErrStopped) {
				t.Errorf("a request after the end: %v", err)
			}
		}
	})
}

func TestWorkersAreStartedAsAsked(t *testing.T) {
	inBubble(t, Options{Workers: 2, Dir: "/srv", Ready: soon}, func(r *rig) {
		got := r.proc(2).start
		want := []string{"A=1", "GCL_WORKER=2", "GCL_WORKERS=2", "GCL_GENERATION=1"}
		sameStrings(t, want, got.env)
		sameStrings(t, []string{"server", "-x"}, got.argv)
		if got.path != "/bin/server" || got.dir != "/srv" || !got.adopt || got.listener != nil {
			t.Errorf("started with %+v", got)
		}
	})
}

func TestCrashIsFollowedByARestartAtOnceThenByBackoff(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.pass(2 * time.Second)
		r.proc(1).start.out.remember("panic: boom")
		r.crash(1)
		r.rows("w1 starting 2 started")
		r.pass(2 * time.Second)
		r.crash(2)
		r.rows("w1 backoff 0 exit 1")
		if left := time.Until(r.Snapshot().Workers[0].RestartAt); left <= 80*time.Millisecond || left > 100*time.Millisecond {
			t.Errorf("the next start is in %v", left)
		}
		r.pass(80 * time.Millisecond)
		r.rows("w1 backoff 0 exit 1")
		r.pass(20 * time.Millisecond)
		r.rows("w1 starting 3 started")
		if n := r.Snapshot().Workers[0].Restarts; n != 2 {
			t.Errorf("%d restarts counted", n)
		}
		r.pass(steadyAfter)
		r.crash(3)
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:2000 reason:exit 1: panic: boom",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:2 gen:1",
			"worker_ready worker:1 pid:2 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:2 gen:1 code:1 signal: expected:false uptime_ms:2000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:100 attempt:2",
			"worker_started worker:1 pid:3 gen:1",
			"worker_ready worker:1 pid:3 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:3 gen:1 code:1 signal: expected:false uptime_ms:10000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:4 gen:1",
		)
	})
}

// exitAtOnce has processes end as soon as they are started.
func exitAtOnce(code int) func(*fakeLauncher) {
	return func(f *fakeLauncher) {
		f.dying = func(p *fakeProcess) { p.end(proc.Exit{Code: code}) }
	}
}

func TestCrashLoopIsGivenUpUntilAsked(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		r.fake.set(exitAtOnce(2))
		r.crash(1)
		r.pass(time.Minute)
		r.events(
			"cluster_started workers:2 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_started worker:2 pid:2 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_ready worker:2 pid:2 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:3 gen:1",
			"worker_exited worker:1 pid:3 gen:1 code:2 signal: expected:false uptime_ms:0 reason:exit 2",
			"restart_scheduled worker:1 delay_ms:100 attempt:2",
			"worker_started worker:1 pid:4 gen:1",
			"worker_exited worker:1 pid:4 gen:1 code:2 signal: expected:false uptime_ms:0 reason:exit 2",
			"restart_scheduled worker:1 delay_ms:200 attempt:3",
			"worker_started worker:1 pid:5 gen:1",
			"worker_exited worker:1 pid:5 gen:1 code:2 signal: expected:false uptime_ms:0 reason:exit 2",
			"restart_scheduled worker:1 delay_ms:400 attempt:4",
			"worker_started worker:1 pid:6 gen:1",
			"worker_exited worker:1 pid:6 gen:1 code:2 signal: expected:false uptime_ms:0 reason:exit 2",
			"restart_scheduled worker:1 delay_ms:800 attempt:5",
			"worker_started worker:1 pid:7 gen:1",
			"worker_exited worker:1 pid:7 gen:1 code:2 signal: expected:false uptime_ms:0 reason:exit 2",
			"crash_loop worker:1 crashes:5",
		)
		r.rows("w1 failed 0 exit 2", "w2 ready 2 ready 1s")
		r.fake.set(func(f *fakeLauncher) { f.dying = nil })
		r.do(r.StartWorker(1))
		r.rows("w1 starting 8 started", "w2 ready 2 ready 1s")
		r.pass(time.Second)
		r.crash(8)
		r.events(
			"worker_started worker:1 pid:8 gen:1",
			"worker_ready worker:1 pid:8 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:8 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1", // counted anew
			"worker_started worker:1 pid:9 gen:1",
		)
	})
}

func TestProcessThatCannotBeMadeIsTriedAgain(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
		)
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.crash(1)
		r.rows("w1 backoff 0 cannot start: out of processes")
		r.fake.set(func(f *fakeLauncher) { f.fail = nil })
		r.pass(100 * time.Millisecond)
		r.events(
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"warning text:w1 cannot start: out of processes",
			"restart_scheduled worker:1 delay_ms:100 attempt:2",
			"worker_started worker:1 pid:2 gen:1",
		)
	})
}

func TestGiveUpEndsAClusterThatNeverRan(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon, GiveUp: true}, func(r *rig) {
		r.fake.set(exitAtOnce(3))
		r.crash(1)
		r.pass(time.Minute)
		r.rows("w1 failed 0 exit 3", "w2 ready 2 ready 1s")
	})
	inBubble(t, Options{Workers: 2, Ready: soon, GiveUp: true}, func(r *rig) {
		r.fake.set(exitAtOnce(3))
		r.crash(1)
		r.crash(2)
		err := r.Wait(r.t.Context())
		if err == nil || err.Error() != "no worker could run: exit 3" {
			t.Errorf("ended with %v", err)
		}
	})
}

// TestGiveUpWaitsForAProgramOnItsWay: it may be the remedy. If it is not, there is
// nothing more to wait for.
func TestGiveUpWaitsForAProgramOnItsWay(t *testing.T) {
	const looping = 700 * time.Millisecond // five crashes and what is waited in between
	whileAllFail := func(test func(r *rig, canary int)) {
		inBubble(t, Options{Workers: 2, Ready: soon, GiveUp: true}, func(r *rig) {
			r.fake.set(exitAtOnce(3))
			r.crash(1)
			r.pass(looping)
			r.fake.set(func(f *fakeLauncher) { f.dying = nil })
			r.do(r.RollOut(second, "main.go"))
			canary := len(r.fake.started())
			r.fake.set(exitAtOnce(3))
			r.crash(2)
			r.pass(looping)
			r.rows(fmt.Sprintf("w1 starting %d started", canary), "w2 failed 0 exit 3")
			r.fake.set(func(f *fakeLauncher) { f.dying = nil })
			test(r, canary)
		})
	}
	whileAllFail(func(r *rig, _ int) {
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
	})
	whileAllFail(func(r *rig, canary int) {
		r.crash(canary)
		err := r.Wait(r.t.Context())
		if err == nil || err.Error() != "no worker could run: w1: exit 1" {
			t.Errorf("ended with %v", err)
		}
	})
}

// TestKilledWorkerComesBack: at once however often, as it is no crash.
func TestKilledWorkerComesBack(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		r.do(r.Kill(1))
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGKILL expected:true uptime_ms:1000 reason:killed (you)",
			"worker_started worker:1 pid:2 gen:1",
		)
		for range 2 * loopCrashes {
			r.do(r.Kill(1))
		}
		r.refused(r.Kill(2), "there is no w2")
		r.pass(time.Second)
		w := r.Snapshot().Workers[0]
		if w.State != StateReady || w.PID != 2*loopCrashes+2 || w.Restarts != 2*loopCrashes+1 {
			t.Errorf("%+v", w)
		}
		r.do(r.StopWorker(1))
		r.pass(time.Second)
		r.refused(r.Kill(1), "w1 has no process to kill")
	})
}

// TestKillOfWhoHasCrashed: whoever has ended already was not killed, although the
// crash is told only when its output is read.
func TestKillOfWhoHasCrashed(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		r.proc(1).start.out.ended = make(chan struct{}) // a child holds it open
		r.crash(1)
		r.do(r.Kill(1))
		r.pass(time.Second)
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:2 gen:1",
		)
	})
}
