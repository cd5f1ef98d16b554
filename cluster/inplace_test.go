package cluster

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// script runs in place: each of its generations is of the file as it is then.
var script = Program{Path: "/bin/sh", Argv: []string{"sh", "server"}, InPlace: true}

// scripted has a script run in its first generation, which is number 2.
func (r *rig) scripted() {
	r.t.Helper()
	r.do(r.RollOut(script, "server"))
	r.pass(5 * time.Second)
	r.generation(2, 2, 1)
	r.forget()
}

// TestRollBackOfAScript: what it was before its latest change is not there any more.
func TestRollBackOfAScript(t *testing.T) {
	inReadyBubble(t, 2, func(r *rig) {
		r.scripted()
		r.do(r.RollOut(script, "server"))
		r.pass(5 * time.Second)
		r.generation(3, 3, 1)
	})
}

// TestRollBackToAFileThatWasOverwritten would run what is there now.
func TestRollBackToAFileThatWasOverwritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "server")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o700); err != nil { //nolint:gosec // it must be executable
			t.Fatal(err)
		}
	}
	write("one")
	inReadyBubble(t, 2, func(r *rig) {
		r.do(r.RollOut(Program{Path: file, Argv: []string{"server"}, InPlace: true}, "server"))
		r.pass(5 * time.Second)
		r.do(r.RollOut(second, "main.go"))
		r.pass(5 * time.Second)
		r.generation(3, 3, 2)
		write("another")
		r.refused(r.RollBack("you"), "generation 2 cannot be gone back to: "+file+" is another file by now")
		r.generation(3, 3, 1)
	})
}

// TestScriptThatDiesInItsProbation: to bring the former generation back to its full
// count would be to start what has just died.
func TestScriptThatDiesInItsProbation(t *testing.T) {
	inReadyBubble(t, 3, func(r *rig) {
		r.scripted()
		r.do(r.RollOut(script, "server"))
		r.pass(2500 * time.Millisecond)
		r.crash(8)
		r.pass(time.Minute)
		r.rows("w1 ready 4 ready again, after 3 failed",
			"w2 failed 0 down: it would run what failed as 3", "w3 failed 0 down: it would run what failed as 3")
		r.serving(4)
		r.do(r.RollOut(script, "server"))
		r.pass(5 * time.Second)
		r.rows("w1 ready 10 ready 1s", "w2 ready 11 ready 1s", "w3 ready 12 ready 1s")
	})
}

// TestScriptOfWhichNothingIsLeft is started all the same: there is nothing else.
func TestScriptOfWhichNothingIsLeft(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.scripted()
		r.do(r.RollOut(script, "server"))
		r.pass(1500 * time.Millisecond)
		r.crash(2) // the spare
		r.crash(3)
		r.pass(2 * time.Second)
		r.rows("w1 ready 4 ready 1s")
	})
}

// TestScriptThatStopsFirstAndDies is not told to have gone back to what is not there:
// it is supervised like one that has just been started.
func TestScriptThatStopsFirstAndDies(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon, StopFirst: true}, func(r *rig) {
		r.pass(2 * time.Second)
		r.scripted()
		r.do(r.RollOut(script, "server"))
		r.pass(500 * time.Millisecond)
		r.crash(3)
		r.pass(2 * time.Second)
		r.rows("w1 ready 4 ready 1s")
		r.generation(3, 3, 1)
		r.stale("")
		r.events(
			"reload_started gen:3 cause:server",
			"worker_exited worker:1 pid:2 gen:2 code:-1 signal:SIGTERM expected:true uptime_ms:5000 reason:SIGTERM",
			"worker_started worker:1 pid:3 gen:3",
			"worker_exited worker:1 pid:3 gen:3 code:1 signal: expected:false uptime_ms:500 reason:exit 1",
			"reload_failed gen:3 why:w1: exit 1",
			"worker_started worker:1 pid:4 gen:3",
			"worker_ready worker:1 pid:4 gen:3 took_ms:1000 addr:",
		)
	})
}
