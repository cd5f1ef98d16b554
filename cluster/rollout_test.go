package cluster

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// second is a program that is not the one that a rig starts with.
var second = Program{Path: "/bin/sh", Argv: []string{"second"}}

func TestRolloutReplacesAllBehindACanary(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		before := r.Snapshot().Since
		r.do(r.RollOut(second, "main.go"))
		r.rows("w1 ready 1 ready 1s", "w1 starting 3 started", "w2 ready 2 ready 1s")
		r.serving(1, 2)
		if s := r.Snapshot(); s.Since != before {
			t.Errorf("generation 1 serves since %v, want %v", s.Since, before)
		}
		r.pass(time.Second)
		r.serving(3)
		if s := r.Snapshot(); s.Since.Sub(before) != time.Second {
			t.Errorf("the new generation serves %v after the old one", s.Since.Sub(before))
		}
		r.pass(time.Second)
		r.serving(3, 4)
		r.generation(2, 2, 0)
		r.rows("w1 ready 1 spare until the new generation has proved itself", "w1 ready 3 ready 1s", "w2 ready 4 ready 1s")
		r.pass(probation)
		r.rows("w1 ready 3 ready 1s", "w2 ready 4 ready 1s")
		r.generation(2, 2, 1)
		r.events(
			"reload_started gen:2 cause:main.go",
			"worker_started worker:1 pid:3 gen:2",
			"worker_ready worker:1 pid:3 gen:2 took_ms:1000 addr:",
			"worker_started worker:2 pid:4 gen:2",
			"worker_ready worker:2 pid:4 gen:2 took_ms:1000 addr:",
			"worker_exited worker:2 pid:2 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:3000 reason:SIGTERM",
			"worker_exited worker:1 pid:1 gen:1 code:-1 signal:SIGTERM expected:true uptime_ms:4000 reason:SIGTERM",
			"reload_done gen:2 took_ms:3000 requests:0 failed:0 max_wait_ms:0",
		)
		if got := r.proc(4).start; got.path != second.Path || got.argv[0] != "second" {
			t.Errorf("started %s %v", got.path, got.argv)
		}
	})
}

func TestCanaryThatCrashesChangesNothing(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.crash(3)
		r.pass(time.Minute)
		r.rows("w1 ready 1 ready 1s", "w2 ready 2 ready 1s")
		r.serving(1, 2)
		r.generation(1, 1, 0)
		r.stale("w1: exit 1")
		r.events(
			"reload_started gen:2 cause:main.go",
			"worker_started worker:1 pid:3 gen:2",
			"worker_exited worker:1 pid:3 gen:2 code:1 signal: expected:false uptime_ms:0 reason:exit 1",
			"reload_failed gen:2 why:w1: exit 1",
		)
	})
}

func TestCanaryThatCannotBeMade(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.do(r.RollOut(second, "main.go"))
		r.rows("w1 ready 1 ready 1s", "w2 ready 2 ready 1s")
		r.stale("w1 cannot start: out of processes")
	})
}

func TestCanaryThatIsNeverReady(t *testing.T) {
	inBubble(t, Options{Workers: 2, ReadyTimeout: 10 * time.Second}, func(r *rig) {
		r.listens(1)
		r.listens(2)
		r.events(
			"cluster_started workers:2 balance:least adoption:fake",
			"worker_started worker:1 pid:1 gen:1",
			"worker_started worker:2 pid:2 gen:1",
			"worker_ready worker:1 pid:1 gen:1 took_ms:0 addr:127.99.0.1:8080",
			"worker_ready worker:2 pid:2 gen:1 took_ms:0 addr:127.99.0.2:8080",
		)
		r.do(r.RollOut(second, "main.go"))
		r.pass(10 * time.Second)
		r.serving(1, 2)
		r.stale("w1: not ready within 10s")
	})
}

func TestNewWorkerThatDiesInItsProbation(t *testing.T) {
	inReadyBubble(t, 3, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.pass(2500 * time.Millisecond)
		r.forget()
		r.crash(5)
		r.serving(1) // at once
		r.pass(time.Second)
		r.serving(1, 7, 8)
		r.rows("w1 ready 1 ready again, after 2 failed", "w2 ready 7 ready 1s", "w3 ready 8 ready 1s")
		r.generation(1, 1, 0)
		r.stale("w2: exit 1")
		r.events(
			"worker_exited worker:2 pid:5 gen:2 code:1 signal: expected:false uptime_ms:1500 reason:exit 1",
			"reload_failed gen:2 why:w2: exit 1",
			"rolled_back gen:1",
			"worker_started worker:2 pid:7 gen:1",
			"worker_started worker:3 pid:8 gen:1",
			"worker_exited worker:1 pid:4 gen:2 code:-1 signal:SIGTERM expected:true uptime_ms:2500 reason:SIGTERM",
			"worker_exited worker:3 pid:6 gen:2 code:-1 signal:SIGTERM expected:true uptime_ms:1500 reason:SIGTERM",
			"worker_ready worker:2 pid:7 gen:1 took_ms:1000 addr:",
			"worker_ready worker:3 pid:8 gen:1 took_ms:1000 addr:",
		)
	})
}

// TestNewWorkerThatDiesAfterItsProbation is a crash like any other, also while
// an old worker still drains.
func TestNewWorkerThatDiesAfterItsProbation(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.disobey(2)
		r.do(r.RollOut(second, "main.go"))
		r.pass(3500 * time.Millisecond)
		r.rows("w1 ready 3 ready 1s", "w2 stopping 2 stopping", "w2 ready 4 ready 1s")
		r.crash(4)
		r.pass(time.Second)
		r.rows("w1 ready 3 ready 1s", "w2 stopping 2 stopping", "w2 ready 5 ready 1s")
		r.do(r.RollBack("you"))
		r.fake.obedient()
		r.pass(5 * time.Second)
		r.generation(1, 1, 0)
	})
}

func TestKillOfANewWorkerIsNoFailure(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.do(r.ask(func(o *owner) { o.kill(o.slots[0].next) }))
		r.pass(1500 * time.Millisecond)
		r.do(r.Kill(2))
		r.pass(10 * time.Second)
		r.generation(2, 2, 1)
		r.stale("")
	})
}

func TestNewerChangeTurnsARollout(t *testing.T) {
	third := Program{Path: "/bin/sh", Argv: []string{"third"}}
	for _, c := range []struct {
		name  string
		after time.Duration
	}{
		{"while the canary starts", 500 * time.Millisecond},
		{"while the rest starts", 1500 * time.Millisecond},
		{"in the probation", 2500 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			inReadyBubble(t, 3, func(r *rig) {
				r.do(r.RollOut(second, "main.go"))
				r.pass(c.after)
				r.do(r.RollOut(third, "main.go"))
				r.pass(5 * time.Second)
				r.generation(3, 3, map[bool]int{true: 1, false: 2}[c.after < time.Second])
				rows := r.Snapshot().Workers
				if len(rows) != 3 {
					t.Errorf("left are %+v", rows)
				}
				for _, w := range rows {
					if w.Generation != 3 || w.State != StateReady {
						t.Errorf("left is %+v", w)
					}
				}
			})
		})
	}
}

func TestScaleDuringARollout(t *testing.T) {
	for _, after := range []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond, 2500 * time.Millisecond} {
		for _, n := range []int{1, 5} {
			inReadyBubble(t, 3, func(r *rig) {
				r.do(r.RollOut(second, "main.go"))
				r.pass(after)
				r.do(r.Scale(n, "you"))
				r.pass(10 * time.Second)
				r.generation(2, 2, 1)
				if rows := r.Snapshot().Workers; len(rows) != n {
					t.Errorf("scaled to %d after %v, left are %+v", n, after, rows)
				}
			})
		}
	}
}

func TestRollBack(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.refused(r.RollBack("you"), "there is no generation before this one to go back to")
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollBack("you"))
		r.pass(5 * time.Second)
		r.generation(1, 1, 0)
		r.stale("rolled back to generation 1")
		if got := r.proc(5).start; got.path != "/bin/server" {
			t.Errorf("started %s", got.path)
		}
		r.do(r.RollOut(Program{Path: "/bin/ls", Argv: []string{"third"}}, "main.go"))
		r.pass(5 * time.Second)
		r.generation(3, 3, 1)
	})
}

func TestRollBackCallsARolloutOff(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.pass(1500 * time.Millisecond)
		r.do(r.RollBack("you"))
		r.serving(1, 2)
		r.pass(5 * time.Second)
		r.rows("w1 ready 1 ready again, after 2 failed", "w2 ready 2 ready again, after 2 failed")
		r.generation(1, 1, 0)
	})
}

func TestRolloutThatStopsFirst(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(2 * time.Second)
		r.disobey(2)
		r.do(r.RollOut(second, "main.go"))
		r.pass(time.Second)
		r.rows("w1 exited 0 waits for the new program", "w2 stopping 2 stopping")
		r.fake.obedient()
		r.rows("w1 starting 3 started", "w2 starting 4 started")
		r.pass(1500 * time.Millisecond)
		r.generation(2, 2, 0)
		r.crash(4) // in its probation
		r.pass(5 * time.Second)
		r.generation(1, 1, 0)
		r.stale("w2: exit 1")
		r.rows("w1 ready 5 ready 1s", "w2 ready 6 ready 1s")
	})
}

// TestRollBackBeforeTheSwitch: a program that never ran leaves no trace.
func TestRollBackBeforeTheSwitch(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(2 * time.Second)
		r.disobey(2)
		r.do(r.RollOut(second, "main.go"))
		r.pass(time.Second)
		r.rows("w1 exited 0 waits for the new program", "w2 stopping 2 stopping")
		r.do(r.RollBack("you"))
		r.fake.obedient()
		r.pass(10 * time.Second)
		r.generation(1, 1, 0)
		r.stale("rolled back (you)")
	})
}

func TestStopDuringARollout(t *testing.T) {
	for _, after := range []time.Duration{500 * time.Millisecond, 1500 * time.Millisecond, 2500 * time.Millisecond} {
		inReadyBubble(t, 2, func(r *rig) {
			r.do(r.RollOut(second, "main.go"))
			r.pass(after)
			r.Stop()
			if err := r.Wait(r.t.Context()); err != nil {
				t.Error(err)
			}
			for _, w := range r.Snapshot().Workers {
				if w.PID != 0 {
					t.Errorf("left is %+v", w)
				}
			}
		})
	}
}

// forget drops the events so far.
func (r *rig) forget() {
	for {
		if _, wake, err := r.sub.take(); err != nil || wake != nil {
			return
		}
	}
}

// serving wants the requests of the rig's port to go to the workers with these
// ids and to no others.
func (r *rig) serving(pids ...int) {
	r.t.Helper()
	var got []int
	r.do(r.ask(func(o *owner) {
		for _, w := range o.all() {
			if w.backend.IsReady() {
				got = append(got, w.pid)
			}
		}
	}))
	slices.Sort(got)
	if !slices.Equal(got, pids) {
		r.t.Errorf("%v serve, want %v", got, pids)
	}
}

// generation wants the generation that serves, the one on its way and the one
// before.
func (r *rig) generation(serving, target, previous int) {
	r.t.Helper()
	s := r.Snapshot()
	if got, want := [3]int{s.Generation, s.Target, s.Previous}, [3]int{serving, target, previous}; got != want {
		r.t.Errorf("generations %v, want %v", got, want)
	}
}

// stale wants to be told why the newest code does not serve.
func (r *rig) stale(want string) {
	r.t.Helper()
	if got := r.Snapshot().Source.Stale; got != want {
		r.t.Errorf("stale: %q, want %q", got, want)
	}
}
