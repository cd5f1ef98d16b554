//go:build linux

package e2e

import "testing"

// TestReloadOnScreen goes through what a person sees and presses while a program
// is changed: a reload, a build that fails, a pause, a way back.
func TestReloadOnScreen(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	term := startTerminal(t, 80, 24, nil, "-n", "2", a.dir)
	term.await(`2/2 ready`, `gen 1`, `watching`)
	a.save(2, "")
	term.await(`gen 2 rolled in .* 0 failed`)
	a.answers(2)

	a.save(3, "undefined()")
	term.await(`STALE`, `main.go:11:2: undefined: undefined`)
	a.answers(2)
	a.save(3, "")
	term.await(`gen 3 rolled in .* 0 failed`)
	term.awaitGone(`STALE`)

	term.press("w")
	term.await(`○ watch paused`)
	a.save(4, "")
	term.press("b") // builds all the same
	term.await(`gen 4 rolled in .* 0 failed`)
	a.answers(4)
	term.press("w")
	term.awaitGone(`○ watch paused`)

	term.press("B")
	term.await(`STALE`, `gen 3 rolled in .* 0 failed`)
	a.answers(3)
	a.save(4, "") // what was rolled back from is not rolled out by itself
	a.save(5, "")
	term.await(`gen 5 rolled in .* 0 failed`)
	a.answers(5)
	term.press("\x03") // q would ask if the request just answered is still on the screen
	if code := term.wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	term.requireRestored()
}

// TestCrashOfNewCodeOnScreen: what the new worker said last is a key away.
func TestCrashOfNewCodeOnScreen(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	term := startTerminal(t, 120, 36, nil, "-n", "1", a.dir)
	term.await(`1/1 ready`, `watching`)
	a.save(2, `panic("at once")`)
	term.await(`STALE`, `panic: at once`)
	term.press("e")
	term.await(`last words`, `goroutine 1 \[running\]`, `main\.go:11 `)
	a.save(3, "")
	term.await(`no errors any more`)
}

// TestFirstBuildFailsOnScreen: the program waits for the source to be corrected.
// Who comes meanwhile is told at once.
func TestFirstBuildFailsOnScreen(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	a.save(1, "undefined()")
	term := startTerminal(t, 80, 24, nil, "-n", "2", "-p", a.port, a.dir)
	term.await(`BUILD FAILED`, `main.go:11:2: undefined: undefined`)
	if status, body := get(t, a.url()); status != 503 {
		t.Errorf("status %d: %s", status, body)
	}
	a.save(1, "")
	term.await(`2/2 ready`)
	a.answers(1)
}
