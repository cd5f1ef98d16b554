package cluster

import (
	"testing"
	"time"
)

func TestBuildThatChangesNothing(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.do(r.RollOut(Program{Path: "/bin/sh", Argv: []string{"a"}, BuildTime: time.Second}, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollOut(Program{Path: "/bin/sh", Argv: []string{"a"}, BuildTime: time.Second}, "main.go"))
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
		if n := len(r.fake.started()); n != 2 {
			t.Errorf("%d processes were started", n)
		}
	})
}

// TestRejectedProgramIsNotTriedAgain unless somebody asks for it.
func TestRejectedProgramIsNotTriedAgain(t *testing.T) {
	for name, reject := range map[string]func(*rig){
		"by a crash":           func(r *rig) { r.crash(2) },
		"by being called off":  func(r *rig) { r.do(r.RollBack("you")) },
		"by being rolled back": func(r *rig) { r.pass(5 * time.Second); r.do(r.RollBack("you")) },
		"and built at once": func(r *rig) {
			r.pass(5 * time.Second)
			r.do(r.RollBack("you"))
			r.do(r.RollOut(second, "main.go"))
		},
		"and built meanwhile": func(r *rig) {
			r.pass(5 * time.Second)
			r.do(r.RollBack("you"))
			r.pass(1500 * time.Millisecond)
			r.do(r.RollOut(second, "main.go"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			inReadyBubble(t, 1, func(r *rig) {
				r.do(r.RollOut(second, "main.go"))
				reject(r)
				r.pass(5 * time.Second)
				why := r.Snapshot().Source.Stale
				r.Tell(BuildFailed{Errors: []BuildError{{Text: "a mistake"}}})
				r.do(r.RollOut(second, "main.go"))
				r.pass(5 * time.Second)
				r.generation(1, 1, 0)
				r.stale(why)
				again := second
				again.Retry = true
				r.do(r.RollOut(again, "you"))
				r.pass(5 * time.Second)
				r.generation(3, 3, 1)
				r.stale("")
			})
		})
	}
}

// TestChangeThatIsTakenBack calls its rollout off, and counts when it comes again.
func TestChangeThatIsTakenBack(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		first := Program{Path: "/bin/ls", Argv: []string{"first"}}
		r.do(r.RollOut(first, "main.go"))
		r.pass(5 * time.Second)
		r.do(r.RollOut(second, "main.go"))
		r.do(r.RollOut(first, "main.go"))
		r.pass(5 * time.Second)
		r.generation(2, 2, 1)
		r.stale("")
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.generation(4, 4, 2)
	})
}

// TestChangeToWhatWasRefused calls off the rollout of what came in between, unless
// that serves already. What was refused still is.
func TestChangeToWhatWasRefused(t *testing.T) {
	third := Program{Path: "/bin/cat", Argv: []string{"third"}}
	for name, tt := range map[string]struct {
		after             time.Duration // of the rollout
		serving, previous int
	}{
		"before the switch":    {500 * time.Millisecond, 1, 0},
		"during the probation": {1500 * time.Millisecond, 3, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inReadyBubble(t, 1, func(r *rig) {
				r.do(r.RollOut(second, "main.go"))
				r.crash(2)
				r.do(r.RollOut(third, "main.go"))
				r.pass(tt.after)
				for range 2 {
					r.do(r.RollOut(second, "main.go"))
					r.stale("w1: exit 1")
				}
				r.pass(5 * time.Second)
				r.generation(tt.serving, tt.serving, tt.previous)
				r.stale("w1: exit 1")
			})
		})
	}
}
