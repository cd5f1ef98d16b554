package cluster

import (
	"testing"
	"time"
)

// deaf has processes ignore the stop signal from now on.
func deaf(f *fakeLauncher) { f.deaf = true }

// inDeafBubble has a rig of ready workers, of which all but the first listen,
// and none heeds the stop signal.
func inDeafBubble(t *testing.T, workers int, test func(r *rig)) {
	t.Helper()
	inBubble(t, Options{Workers: workers, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		for pid := range workers {
			r.disobey(pid + 1)
			if pid > 0 {
				r.listens(pid + 1)
			}
		}
		r.sub.seq = uint64(1 + 2*workers) // what came before is tested elsewhere
		r.fake.set(deaf)
		test(r)
	})
}

func TestWorkerThatIgnoresTheStopSignalIsKilled(t *testing.T) {
	inDeafBubble(t, 2, func(r *rig) {
		r.Stop()
		r.events("worker_draining worker:2 pid:2 gen:1 in_flight:0")
		r.rows("w1 stopping 1 stopping", "w2 stopping 2 stopping")
		sameStrings(t, []string{"TERM"}, r.proc(1).sent())
		sameStrings(t, []string{"TERM"}, r.proc(2).sent())
		r.pass(10*time.Second - 1)
		r.events()
		r.pass(1)
		sameStrings(t, []string{"TERM", "KILL"}, r.proc(1).sent())
		r.events(
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGKILL expected:true uptime_ms:11000 reason:killed: did not stop within 10s",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGKILL expected:true uptime_ms:11000 reason:killed: did not stop within 10s",
			"cluster_stopped took_ms:10000",
		)
	})
}

// What has ended waits for no restart while the others are still on their way out.
func TestRowsOfAStopHalfDone(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		r.disobey(2)
		r.Stop()
		r.rows("w1 exited 0 stopped", "w2 stopping 2 stopping")
	})
}

func TestSecondStopKills(t *testing.T) {
	inDeafBubble(t, 2, func(r *rig) {
		r.Stop()
		r.pass(time.Second)
		r.Stop()
		r.events(
			"worker_draining worker:2 pid:2 gen:1 in_flight:0",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGKILL expected:true uptime_ms:2000 reason:killed (you)",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGKILL expected:true uptime_ms:2000 reason:killed (you)",
			"cluster_stopped took_ms:1000",
		)
	})
}

func TestStopSignalIsTheOneAskedFor(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon, StopSignal: "QUIT"}, func(r *rig) {
		r.Stop()
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGQUIT expected:true uptime_ms:0 reason:SIGQUIT",
			"cluster_stopped took_ms:0",
		)
	})
}

func TestStopDuringBackoffStartsNothing(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.crash(1)
		r.crash(2)
		r.rows("w1 backoff 0 exit 1")
		r.Stop()
		r.pass(time.Minute)
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_exited worker:1 pid:1 gen:1 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:2 gen:1",
			"worker_exited worker:1 pid:2 gen:1 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"restart_scheduled worker:1 delay_ms:100 attempt:2",
			"cluster_stopped took_ms:0",
		)
	})
}

func TestStoppedWorkerStaysDownUntilStarted(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.pass(time.Second)
		r.do(r.StopWorker(2))
		r.rows("w1 ready 1 ready 1s", "w2 exited 0 stopped")
		r.pass(time.Minute)
		r.do(r.Reload("you")) // passes it by
		r.pass(time.Second)
		r.rows("w1 ready 3 ready 1s", "w2 exited 0 stopped")
		r.do(r.StartWorker(2))
		r.refused(r.StartWorker(2), "w2 runs already")
		r.refused(r.StopWorker(3), "there is no w3")
		r.events(
			"cluster_started workers:2 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_started worker:2 pid:2 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:1000 addr:",
			"worker_ready worker:2 pid:2 gen:1 took_ms:1000 addr:",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:1000 reason:SIGTERM",
			"reload_started gen:1 cause:you",
			"worker_started worker:1 pid:3 gen:1",
			"worker_ready worker:1 pid:3 gen:1 took_ms:1000 addr:",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:62000 reason:SIGTERM",
			"reload_done gen:1 took_ms:1000 requests:0 failed:0 max_wait_ms:0",
			"worker_started worker:2 pid:4 gen:1",
		)
	})
}

func TestStoppingAWorkerTwiceKillsIt(t *testing.T) {
	inDeafBubble(t, 2, func(r *rig) {
		r.do(r.StopWorker(2))
		r.rows("w1 ready 1 ready 1s", "w2 stopping 2 stopping")
		r.pass(time.Second)
		r.do(r.StopWorker(2))
		r.rows("w1 ready 1 ready 1s", "w2 exited 0 stopped")
		r.events(
			"worker_draining worker:2 pid:2 gen:1 in_flight:0",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGKILL expected:true uptime_ms:2000 reason:killed (you)",
		)
	})
}

func TestStopOfASlotThatIsDown(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon}, func(r *rig) {
		r.crash(1)
		r.crash(3)
		r.rows("w1 backoff 0 exit 1", "w2 starting 2 started")
		r.do(r.StopWorker(1))
		r.pass(time.Minute)
		r.rows("w1 exited 0 stopped", "w2 ready 2 ready 1s")
		r.fake.set(exitAtOnce(1))
		r.do(r.StartWorker(1))
		r.pass(time.Minute)
		r.rows("w1 failed 0 exit 1", "w2 ready 2 ready 1s")
		r.do(r.StopWorker(1))
		r.rows("w1 exited 0 stopped", "w2 ready 2 ready 1s")
	})
}
