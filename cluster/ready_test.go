package cluster

import (
	"testing"
	"time"
)

func TestProgramThatListensOnNothingIsReadyAfterAWhile(t *testing.T) {
	inBubble(t, Options{Workers: 1}, func(r *rig) {
		r.pass(plainAfter - 1)
		r.rows("w1 starting 1 started")
		r.pass(1)
		r.rows("w1 ready 1 ready 3s")
		r.pass(time.Minute)
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:3000 addr:",
		)
	})
}

func TestOnceOneHasListenedAllMust(t *testing.T) {
	inBubble(t, Options{Workers: 2}, func(r *rig) {
		r.pass(time.Second)
		r.listens(2)
		r.pass(plainAfter)
		r.rows("w1 starting 1 started", "w2 ready 2 ready 1s")
		r.pass(26 * time.Second)
		r.rows("w1 starting 3 started", "w2 ready 2 ready 1s")
		r.listens(3)
		r.events(
			"cluster_started workers:2 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_started worker:2 pid:2 gen:1",
			"worker_ready worker:2 pid:2 gen:1 took_ms:1000 addr:127.99.0.1:8080",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGKILL expected:false uptime_ms:30000 reason:not ready within 30s",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:3 gen:1",
			"worker_ready worker:1 pid:3 gen:1 took_ms:0 addr:127.99.0.2:8080",
		)
	})
}

func TestNotReadyInTimeCountsAsACrash(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: Ready{Kind: ReadyHTTP, Path: "/"}, ReadyTimeout: 2 * time.Second}, func(r *rig) {
		r.pass(2*time.Second - 1)
		r.events(
			"cluster_started workers:1 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
		)
		r.pass(1)
		r.events(
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGKILL expected:false uptime_ms:2000 reason:not ready within 2s",
			"restart_scheduled worker:1 delay_ms:0 attempt:1",
			"worker_started worker:1 pid:2 gen:1",
		)
		r.pass(2 * time.Second)
		r.events(
			"worker_exited worker:1 pid:2 gen:1 code:-1 signal:SIGKILL expected:false uptime_ms:2000 reason:not ready within 2s",
			"restart_scheduled worker:1 delay_ms:100 attempt:2",
		)
	})
}

// A program without a port cannot be ready before a limit as short as this, and
// that is said unless another worker has shown that the program has one.
func TestLimitThatIsTooShortForAPlainProgram(t *testing.T) {
	const why = "no port seen within 3s: raise --ready-timeout above 3s, after which a program without one counts as ready"
	inBubble(t, Options{Workers: 1, ReadyTimeout: plainAfter}, func(r *rig) {
		r.pass(plainAfter)
		r.rows("w1 starting 2 started")
		r.pass(plainAfter)
		r.rows("w1 backoff 0 " + why)
	})
	inBubble(t, Options{Workers: 2, ReadyTimeout: 2 * time.Second}, func(r *rig) {
		r.listens(2)
		r.pass(4 * time.Second)
		r.rows("w1 backoff 0 not ready within 2s", "w2 ready 2 ready 0s")
	})
}

func TestDelayComesOnTopOfTheLimit(t *testing.T) {
	late := Ready{Kind: ReadyDelay, Delay: time.Minute}
	inBubble(t, Options{Workers: 1, Ready: late, ReadyTimeout: time.Second}, func(r *rig) {
		r.pass(time.Minute - 1)
		r.rows("w1 starting 1 started")
		r.pass(1)
		r.rows("w1 ready 1 ready 1m0s")
	})
}
