package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// startRole runs the test binary in a role on a terminal.
func startRole(t *testing.T, role string, l look, cols, rows int) *session {
	t.Helper()
	t.Setenv(roleVar, role)
	s, err := startSession(l, cols, rows, os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// see waits for patterns for a minute at most.
func see(t *testing.T, s *session, want ...string) grid {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	g, err := s.wait(ctx, patterns(want...))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestSessionIsATerminalOfItsLook(t *testing.T) {
	for name, l := range map[string]look{"dark": dark, "light": light} {
		t.Run(name, func(t *testing.T) {
			s := startRole(t, "dashboard", l, 60, 5)
			b := l.background
			// Every colour has 16 bits for each part in the answer (xterm's ctlseqs).
			g := see(t, s, fmt.Sprintf(`rgb:%02[1]x%02[1]x/%02[2]x%02[2]x/%02[3]x%02[3]x`, b.R, b.G, b.B), `size 60x5`)
			if c := g.cells[0]; c.fg != l.basic[2] || c.bg != l.background {
				t.Errorf("the first cell is %v on %v, want green on the background", c.fg, c.bg)
			}
			if err := s.close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestSessionKeysAndSize(t *testing.T) {
	s := startRole(t, "dashboard", dark, 60, 5)
	see(t, s, `size 60x5`)
	if err := s.resize(40, 7); err != nil {
		t.Fatal(err)
	}
	if err := s.press("z"); err != nil {
		t.Fatal(err)
	}
	g := see(t, s, `size 40x7`, `key "z"`)
	if g.cols != 40 || g.rows != 7 || len(g.cells) != 280 {
		t.Errorf("the grid is %dx%d with %d cells", g.cols, g.rows, len(g.cells))
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

// TestResizeBlanksTheScreen: what is left of the old size must not pass for
// what the program drew in the new one.
func TestResizeBlanksTheScreen(t *testing.T) {
	s := startRole(t, "deaf", dark, 60, 5)
	see(t, s, "not what you want")
	if err := s.resize(50, 5); err != nil {
		t.Fatal(err)
	}
	if g, _ := s.take(true); g.String() != strings.Repeat("\n", 4) {
		t.Errorf("left on the screen:\n%s", g.String())
	}
	s.goodbye = 0
	_ = s.close()
}

func TestWaitTakesWholeFrames(t *testing.T) {
	s := startRole(t, "frames", dark, 40, 2)
	shown, whole := grid{}, false
	for !strings.Contains(shown.String(), "half") {
		select {
		case <-s.changed:
			shown, whole = s.take(true) // however long the program is silent
		case <-s.ended:
			t.Fatal("the program ended")
		}
	}
	if whole {
		t.Error("an open frame counts as whole")
	}
	if err := s.press("k"); err != nil {
		t.Fatal(err)
	}
	see(t, s, "^half and whole$")
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

func TestWaitTellsWhatWasMissing(t *testing.T) {
	s := startRole(t, "deaf", dark, 60, 5)
	see(t, s, "not what")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.wait(ctx, patterns("not what", "4/4 ready"))
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{`["4/4 ready"]`, "context canceled", "not what you want"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q is not in the error: %v", part, err)
		}
	}
	s.goodbye = 0
	if err := s.close(); err == nil || !strings.Contains(err.Error(), "did not end") {
		t.Errorf("a program that ignores ctrl+c: %v", err)
	}
}

func TestWaitNoticesTheEnd(t *testing.T) {
	s := startRole(t, "dashboard", dark, 60, 5)
	see(t, s, `size`)
	if err := s.press("\x03"); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := s.wait(ctx, patterns("never shown")); err == nil || !strings.Contains(err.Error(), "the program ended") {
		t.Errorf("got %v", err)
	}
	if err := s.close(); err != nil {
		t.Error(err)
	}
}

func TestStartOfWhatDoesNotExist(t *testing.T) {
	if _, err := startSession(dark, 80, 24, "/no/such/program"); err == nil || !strings.Contains(err.Error(), "start /no/such/program") {
		t.Errorf("got %v", err)
	}
}

func TestEnvironment(t *testing.T) {
	got := environment([]string{"PATH=/bin", "NO_COLOR=1", "TERM=dumb", "LC_ALL=de_DE", "COLUMNS=3"})
	if slices.Contains(got, "NO_COLOR=1") || slices.Contains(got, "COLUMNS=3") || slices.Contains(got, "LC_ALL=de_DE") {
		t.Errorf("kept too much: %q", got)
	}
	if !slices.Contains(got, "PATH=/bin") || got[len(got)-3] != "TERM=xterm-256color" {
		t.Errorf("got %q", got)
	}
}
