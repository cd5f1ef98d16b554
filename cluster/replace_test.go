package cluster

import (
	"errors"
	"testing"
	"time"
)

// inReadyBubble has a rig of so many ready workers; what came before is read.
func inReadyBubble(t *testing.T, workers int, test func(r *rig)) {
	t.Helper()
	inBubble(t, Options{Workers: workers, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		r.sub.seq = uint64(1 + 2*workers)
		test(r)
	})
}

func TestRestartHasTheNewOneReadyBeforeTheOldOneDrains(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.listens(2)
		r.do(r.Restart(2))
		r.refused(r.Restart(2), "w2 is being replaced already")
		r.rows("w1 ready 1 ready 1s", "w2 ready 2 ready 1s", "w2 starting 3 started")
		r.pass(time.Second - 1)
		if sent := r.proc(2).sent(); sent != nil {
			t.Errorf("the old one was sent %v before the new one was ready", sent)
		}
		r.pass(1)
		r.rows("w1 ready 1 ready 1s", "w2 ready 3 ready 1s")
		r.events(
			"worker_started worker:2 pid:3 gen:1",
			"worker_ready worker:2 pid:3 gen:1 took_ms:1000 addr:",
			"worker_draining worker:2 pid:2 gen:1 in_flight:0",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:2000 reason:SIGTERM",
		)
		if n := r.Snapshot().Workers[1].Restarts; n != 1 {
			t.Errorf("%d restarts counted", n)
		}
	})
}

func TestSuccessorThatCrashesLeavesItsPredecessor(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.do(r.Restart(1))
		r.crash(2)
		r.pass(time.Minute)
		r.rows("w1 ready 1 replacement failed: exit 1")
		r.do(r.Restart(1)) // may be tried again
		r.events(
			"worker_started worker:1 pid:2 gen:1",
			"worker_exited worker:1 pid:2 gen:1 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"warning text:w1 was not replaced: exit 1",
			"worker_started worker:1 pid:3 gen:1",
		)
	})
}

func TestPredecessorThatCrashesLeavesItsSuccessor(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.do(r.Restart(1))
		r.crash(1)
		r.rows("w1 starting 2 started")
		r.pass(time.Second)
		r.rows("w1 ready 2 ready 1s")
		r.events(
			"worker_started worker:1 pid:2 gen:1",
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:1000 reason:exit 1",
			"worker_ready worker:1 pid:2 gen:1 took_ms:1000 addr:",
		)
	})
}

func TestRestartOfAWorkerThatStartsIsOneStart(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.disobey(1)
		r.do(r.Restart(1))
		r.refused(r.Restart(1), "w1 is being replaced already")
		r.fake.obedient()
		r.pass(time.Second)
		r.rows("w1 ready 2 ready 1s")
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_exited worker:1 pid:1 gen:1 code:0 signal: expected:true uptime_ms:0 reason:exit 0",
			"worker_started worker:1 pid:2 gen:1",
			"worker_ready worker:1 pid:2 gen:1 took_ms:1000 addr:",
		)
	})
}

func TestRestartOfASlotThatIsDownStartsIt(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.do(r.StopWorker(1))
		r.do(r.Restart(1))
		r.rows("w1 starting 2 started")
		r.crash(2)
		r.crash(3)
		r.rows("w1 backoff 0 exit 1")
		r.do(r.Restart(1))
		r.pass(time.Second)
		r.rows("w1 ready 4 ready 1s")
	})
}

func TestKillOfBothDuringARestart(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.do(r.Restart(1))
		r.do(r.Kill(1))
		r.pass(time.Minute)
		rows := r.Snapshot().Workers
		if len(rows) != 1 || rows[0].State != StateReady || len(r.fake.started()) != 3 {
			t.Errorf("%d processes were started, left are %+v", len(r.fake.started()), rows)
		}
	})
}

func TestSuccessorThatCannotBeMade(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.do(r.Restart(1))
		r.rows("w1 ready 1 replacement failed: out of processes")
		r.events("warning text:w1 was not replaced: out of processes")
	})
}
