//go:build linux

package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// buildPanicking builds the program with one file more, in which its screen
// panics; see there.
func buildPanicking(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	overlay, err := json.Marshal(map[string]map[string]string{"Replace": {
		absolute(t, filepath.Join(root, "ui", "panic.go")): absolute(t, "testdata/panic/screen.go"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	file, binary := filepath.Join(dir, "overlay.json"), filepath.Join(dir, "gcl-tui")
	if err := os.WriteFile(file, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"build", "-o", binary, "-overlay", file}, raceFlags...)
	if out, err := exec.Command("go", append(args, "gcl-tui")...).CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return binary
}

// TestScreenPanics: whether the screen's panic is caught or ends the program,
// the terminal is given back, stderr has the reason, and of workers with
// families nothing is left.
func TestScreenPanics(t *testing.T) {
	binary := buildPanicking(t)
	for _, c := range []struct {
		in     string
		code   int
		reason string
	}{
		{"frame", 1, "gcl-tui: the screen failed: no third worker\n"},
		{"goroutine", 2, "panic: no third worker\n"},
	} {
		t.Run(c.in, func(t *testing.T) {
			stderr := filepath.Join(t.TempDir(), "stderr")
			term := startOnTerminal(t, 120, 36, []string{"PANIC_IN=" + c.in}, "sh", "-c", `exec "$@" 2>"$0"`, stderr,
				binary, "-n", "2", "--ready", "delay:0s", "sh", "-c", family)
			term.await(`2/2 ready`)
			term.awaitScreen("two families", func([]string) bool { // it has a clock, so it changes
				return len(marked(t, term.mark)) >= 1+2*familySize
			})
			term.press("+")
			if code := term.wait(); code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			if c.code == 1 {
				requireNothingLeft(t, term.mark)
			}
			awaitNothingLeft(t, term.mark)
			term.requireRestored()
			if said, err := os.ReadFile(stderr); err != nil || !strings.Contains(string(said), c.reason) {
				t.Errorf("on stderr (%v): %s", err, said)
			}
		})
	}
}
