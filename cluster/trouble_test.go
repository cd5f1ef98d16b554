package cluster

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// third is another program still.
var third = Program{Path: "/bin/ls", Argv: []string{"third"}}

// names returns the names of the events since the last look.
func (r *rig) names() (names []string) {
	for {
		b, wake, err := r.sub.take()
		if err != nil || wake != nil {
			return names
		}
		for _, e := range b.Events {
			names = append(names, e.Name())
		}
	}
}

// TestBackoffThatACanaryCutsShort: the slot's pending restart does not outlive
// what it was for, or the slot had no worker once the canary is gone.
func TestBackoffThatACanaryCutsShort(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		for pid := 1; ; pid = len(r.fake.started()) {
			r.crash(pid)
			if due := r.Snapshot().Workers[0].RestartAt; time.Until(due) > 1200*time.Millisecond {
				break
			}
			r.pass(1100 * time.Millisecond) // up to 800 ms to come back, and then to be ready or not
		}
		r.do(r.RollOut(second, "main.go"))
		canary := len(r.fake.started())
		r.pass(1600 * time.Millisecond)
		r.crash(canary)
		r.pass(time.Minute)
		for _, w := range r.Snapshot().Workers {
			if w.State != StateReady || w.Generation != 1 {
				t.Errorf("left is %+v", w)
			}
		}
	})
}

// TestCanaryInASlotThatWasGivenUp: the slot has not failed any more.
func TestCanaryInASlotThatWasGivenUp(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.crash(1)
		r.pass(9 * time.Second)
		if s := r.Snapshot().Workers[0].State; s != StateFailed {
			t.Fatalf("w1 %s", s)
		}
		r.fake.set(func(f *fakeLauncher) { f.fail = nil })
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
		r.do(r.RollOut(third, "main.go"))
		r.crash(3)
		r.crash(5)
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
		for _, w := range r.Snapshot().Workers {
			if w.State != StateReady {
				t.Errorf("left is %+v", w)
			}
		}
	})
}

// TestNothingIsRolledBackThatHasProvedItself: the new generation has proved itself, and is
// supervised as ever.
func TestNothingIsRolledBackThatHasProvedItself(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.disobey(2)
		r.do(r.RollOut(second, "main.go"))
		r.pass(3500 * time.Millisecond)
		r.rows("w1 ready 3 ready 1s", "w2 stopping 2 stopping", "w2 ready 4 ready 1s")
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.crash(4)
		r.serving(3)
		r.fake.set(func(f *fakeLauncher) { f.fail = nil })
		r.pass(20 * time.Second)
		r.generation(2, 2, 1)
		r.stale("")
	})
}

// TestBackoffAfterTheProbation is as ever, while an old worker still drains.
func TestBackoffAfterTheProbation(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.disobey(2)
		r.do(r.RollOut(second, "main.go"))
		r.pass(3500 * time.Millisecond)
		r.crash(4)
		r.crash(5)
		r.rows("w1 ready 3 ready 1s", "w2 stopping 2 stopping", "w2 backoff 0 exit 1")
		r.fake.obedient()
	})
}

// TestWorkerOfAGenerationLongGone: a successor that somebody asked for before the
// switch does not come after it, to stay for ever.
func TestWorkerOfAGenerationLongGone(t *testing.T) {
	inReadyBubble(t, 3, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.pass(800 * time.Millisecond)
		r.do(r.Restart(3))
		r.pass(400 * time.Millisecond)
		r.generation(2, 2, 0)
		r.do(r.RollOut(third, "main.go"))
		canary := len(r.fake.started())
		r.crash(canary)
		r.pass(time.Minute)
		r.generation(2, 2, 0)
		for _, w := range r.Snapshot().Workers {
			if w.Generation != 2 {
				t.Errorf("left is %+v", w)
			}
		}
	})
}

// goingBack has a program fail that stopped the one before, of which a worker
// does not stop.
func goingBack(t *testing.T, test func(r *rig)) {
	t.Helper()
	inBubble(t, Options{Workers: 2, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(2 * time.Second)
		r.do(r.RollOut(second, "main.go"))
		r.pass(1500 * time.Millisecond)
		r.generation(2, 2, 0)
		r.disobey(3)
		r.crash(4)
		r.generation(2, 1, 0)
		test(r)
	})
}

func TestFailedProgramBuiltAgainOnTheWayBack(t *testing.T) {
	goingBack(t, func(r *rig) {
		r.forget()
		r.do(r.RollOut(second, "main.go"))
		r.pass(time.Minute)
		r.generation(1, 1, 0)
		r.stale("w2: exit 1")
		if n := r.names(); slices.Contains(n, "reload_failed") {
			t.Error(n)
		}
	})
}

func TestChangeOnTheWayBackThatFails(t *testing.T) {
	for name, fail := range map[string]func(*rig){
		"at once": func(r *rig) { r.do(r.RollBack("you")) },
		"later":   func(r *rig) { r.fake.obedient(); r.pass(500 * time.Millisecond); r.crash(len(r.fake.started())) },
	} {
		t.Run(name, func(t *testing.T) {
			goingBack(t, func(r *rig) {
				r.do(r.RollOut(third, "main.go"))
				fail(r)
				r.pass(time.Minute)
				r.generation(1, 1, 0)
			})
		})
	}
}

func TestChangeOnTheWayBackThatIsGood(t *testing.T) {
	goingBack(t, func(r *rig) {
		r.do(r.RollOut(third, "main.go"))
		r.pass(time.Minute)
		r.generation(3, 3, 1)
	})
}

func TestRollBackThatIsCalledOff(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollBack("you"))
		r.do(r.RollBack("you"))
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
		r.stale("")
	})
}

func TestSecondRollBackThatIsCalledOff(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollOut(third, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollBack("you"))
		r.pass(5 * time.Second)
		r.stale("rolled back to generation 2")
		r.do(r.RollBack("you"))
		r.do(r.RollBack("you"))
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
		r.stale("rolled back to generation 2")
		r.do(r.RollOut(third, "main.go")) // rejected still
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
	})
}

// TestRollBackIsTold also where all workers of one generation end first.
func TestRollBackIsTold(t *testing.T) {
	inBubble(t, Options{Workers: 2, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(2 * time.Second)
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.forget()
		r.do(r.RollBack("you"))
		r.pass(5 * time.Second)
		if n := r.names(); !slices.Contains(n, "rolled_back") {
			t.Error(n)
		}
	})
}

// TestChangeDuringARollBack: what was to be gone back to can be gone back to later.
func TestChangeDuringARollBack(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollBack("you"))
		r.do(r.RollOut(third, "main.go"))
		r.crash(len(r.fake.started()))
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
	})
}

// TestOnlyWorkerCrashesBesideACanaryThatHangs: it comes back; the canary may never
// be ready.
func TestOnlyWorkerCrashesBesideACanaryThatHangs(t *testing.T) {
	inBubble(t, Options{Workers: 1}, func(r *rig) {
		r.listens(1)
		r.do(r.RollOut(second, "main.go"))
		r.crash(1)
		r.rows("w1 starting 3 started", "w1 starting 2 started")
	})
}

// TestCrashLoopThatAChangeMends: it is no outage any more.
func TestCrashLoopThatAChangeMends(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.crash(1)
		r.pass(9 * time.Second)
		r.fake.set(func(f *fakeLauncher) { f.fail = nil })
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
		r.do(r.ask(func(o *owner) {
			if o.outage.is {
				t.Error("the router is told that nobody will serve")
			}
		}))
	})
}

// TestChangeToWhatIsRolledBackTo makes it the newest code.
func TestChangeToWhatIsRolledBackTo(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollOut(third, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollBack("you"))
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.generation(2, 2, 3)
		r.stale("")
	})
}

// TestOneAtATime: where two workers must not run at once, what comes back waits for
// what is on its way out.
func TestOneAtATime(t *testing.T) {
	for name, back := range map[string]func(r *rig){
		"called off": func(r *rig) {
			r.do(r.RollOut(second, "main.go"))
			r.do(r.RollBack("you"))
		},
		"stopped and started": func(r *rig) {
			r.do(r.StopWorker(1))
			r.do(r.StartWorker(1))
		},
		"stopped and started during a rollout": func(r *rig) {
			r.fake.obedient()
			r.do(r.RollOut(second, "main.go"))
			r.pass(time.Second)
			r.disobey(2)
			r.do(r.StopWorker(1))
			r.do(r.StartWorker(1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, Options{Workers: 1, Ready: soon, StopFirst: true}, func(r *rig) {
				r.pass(time.Second)
				r.disobey(1)
				back(r)
				before := len(r.fake.started())
				r.rows(fmt.Sprintf("w1 stopping %d stopping", before))
				r.fake.obedient()
				r.pass(time.Second)
				r.rows(fmt.Sprintf("w1 ready %d ready 1s", before+1))
			})
		})
	}
}
