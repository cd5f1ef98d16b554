//go:build linux

package e2e

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/sys/unix"
)

// row is a worker's row in the table: the gutter, its name, pid and state.
func row(worker, state string) string {
	return `[▌ ] ` + worker + ` +(\d+|-) +\S ` + state
}

// startServers starts n workers of a server on a terminal and waits for them.
func startServers(t *testing.T, n string) *terminal {
	t.Helper()
	term := startTerminal(t, 120, 36, []string{"PORT=" + freePort(t)}, "-n", n, goServer)
	term.await(n+`/`+n+` ready`, row("w1", "ready"))
	return term
}

// TestKeys presses each key and waits for what it does.
func TestKeys(t *testing.T) {
	term := startServers(t, "2")
	term.press("+")
	third := term.await(`3/3 ready`, row("w3", "ready"))[0]
	term.press("jj") // down to w3
	term.await(`▌ w3`)
	term.press("r")
	term.await(row("w3", "ready")+`.*`, `3/3 ready`)
	restarted := term.awaitOther(row("w3", "ready"), third)
	term.press("X")
	term.await(`kill`)
	term.press("y")
	killed := term.awaitOther(row("w3", "ready"), restarted)
	term.press("x")
	term.await(row("w3", `\w+`), `2/3 ready`)
	term.awaitOther(row("w3", `\w+`), killed)
	term.press("x")
	term.await(row("w3", "ready"), `3/3 ready`)
	first := term.await(row("w1", "ready"))[0]
	term.press("R")
	term.awaitOther(row("w1", "ready"), first)
	term.await(`rolled in .* 0 failed`)
	term.press("-")
	term.await(`2/2 ready`)
	term.press("?")
	term.await(`replace all, one by one`)
	term.press("\x1b")
	term.awaitGone(`replace all, one by one`)
	term.press("q")
	if code := term.wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	requireNothingLeft(t, term.mark)
	term.requireRestored()
}

// awaitOther waits until the submatch of a pattern is there and is not old.
func (term *terminal) awaitOther(pattern, old string) string {
	term.t.Helper()
	return term.await(strings.Replace(pattern, `(\d+|-)`, `(`+numberNot(old)+`)`, 1))[0]
}

// numberNot returns a pattern of pids, and of no pid at all, but for one.
// Regexps here cannot say "not", so it spells out where they differ.
func numberNot(pid string) string {
	alternatives := []string{"-"}
	for i := range len(pid) {
		head := pid[:i]
		alternatives = append(alternatives, head+"[^"+pid[i:i+1]+` ]\d*`)
	}
	return strings.Join(alternatives, "|")
}

// awaitGone waits until no row matches.
func (term *terminal) awaitGone(pattern string) {
	term.t.Helper()
	gone := regexp.MustCompile(pattern)
	term.awaitScreen("no "+pattern, func(rows []string) bool {
		return !slices.ContainsFunc(rows, gone.MatchString)
	})
}

// TestKillShows: a worker killed from outside is replaced on the screen.
func TestKillShows(t *testing.T) {
	term := startServers(t, "2")
	victim := term.await(row("w2", "ready"))[0]
	kill(t, victim)
	term.awaitOther(row("w2", "ready"), victim)
	term.await(`w2 .*SIGKILL`, `2/2 ready`)
}

func TestResize(t *testing.T) {
	term := startServers(t, "2")
	for _, size := range [][2]int{{80, 24}, {40, 10}, {20, 5}, {200, 60}, {120, 36}} {
		cols, rows := size[0], size[1]
		term.resize(cols, rows)
		// A frame of the new size has something in its last row, and the rows
		// below the old size are filled.
		term.awaitScreen("a frame that fills "+itoa(cols)+"x"+itoa(rows), func(screen []string) bool {
			return len(screen) == rows && strings.TrimSpace(screen[0]) != "" && strings.TrimSpace(screen[rows-1]) != "" &&
				widest(screen) <= cols && strings.Contains(strings.Join(screen, "\n"), "2/2")
		})
	}
}

func widest(rows []string) (w int) {
	for _, r := range rows {
		w = max(w, ansi.StringWidth(r))
	}
	return w
}

func TestCtrlC(t *testing.T) {
	term := startServers(t, "1")
	term.press("\x03")
	if code := term.wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	requireNothingLeft(t, term.mark)
	term.requireRestored()
}

func TestCtrlCTwice(t *testing.T) {
	env := []string{"PORT=" + freePort(t), "STUBBORN=1"}
	term := startTerminal(t, 120, 36, env, "-n", "1", "--stop-timeout", "1h", goServer)
	term.await(`1/1 ready`)
	term.press("\x03")
	term.await(row("w1", "(draining|stopping)"))
	term.press("\x03")
	if code := term.wait(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	awaitNothingLeft(t, term.mark)
	term.requireRestored()
	term.await(`gcl-tui: interrupted twice`)
}

// TestSignalStopsScreen: the signals work with a screen, too.
func TestSignalStopsScreen(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		term := startServers(t, "2")
		if err := term.cmd.Process.Signal(syscall.SIGTTIN); err != nil {
			t.Fatal(err)
		}
		term.await(`3/3 ready`)
		if err := term.cmd.Process.Signal(sig); err != nil {
			t.Fatal(err)
		}
		if code := term.wait(); code != 0 {
			t.Errorf("%v: exit code %d", sig, code)
		}
		requireNothingLeft(t, term.mark)
		term.requireRestored()
	}
}

// TestHangUp: the terminal's window is closed.
func TestHangUp(t *testing.T) {
	term := startServers(t, "2")
	term.hang()
	term.wait()
	requireNothingLeft(t, term.mark)
}

// TestKilledMasterRestoresTerminal: nothing is left, and the shell's user can
// type again.
func TestKilledMasterRestoresTerminal(t *testing.T) {
	term := startServers(t, "2")
	if err := term.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	term.wait()
	awaitNothingLeft(t, term.mark)
	term.requireRestored()
}

// TestWithoutColor: nothing but text, positions and modes is written.
func TestWithoutColor(t *testing.T) {
	term := startTerminal(t, 80, 24, []string{"PORT=" + freePort(t), "NO_COLOR=1"}, "-n", "1", "--ascii", goServer)
	term.await(`1/1 ready`)
	for _, r := range term.screen() {
		for _, c := range r {
			if c > 0x7e {
				t.Fatalf("--ascii, and there is %q in %q", c, r)
			}
		}
	}
	term.mu.Lock()
	defer term.mu.Unlock()
	for y := range term.emulator.Height() {
		for x := range term.emulator.Width() {
			if cell := term.emulator.CellAt(x, y); cell != nil && (cell.Style.Fg != nil || cell.Style.Bg != nil) {
				t.Fatalf("NO_COLOR, and the cell at %d,%d has colours", x, y)
			}
		}
	}
}

func kill(t *testing.T, pid string) {
	t.Helper()
	n, err := strconv.Atoi(pid)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(n, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// TestBackground: a job in the background of a terminal must not take the
// signals that it gets there for commands.
func TestBackground(t *testing.T) {
	term := startOnTerminal(t, 120, 36, nil, "sh", "-c", `set -m; "$0" true & wait $!; echo "code $?"`, gclTUI)
	term.await(`gcl-tui: started in the background, where no key would arrive`, `code 2`)
	if code := term.wait(); code != 0 {
		t.Errorf("the shell's exit code is %d", code)
	}
}

// TestStopped: a screen that was stopped is whole when it goes on, and takes no
// signals of the terminal for commands in the background.
func TestStopped(t *testing.T) {
	script := `set -m; "$0" "$@"; stty sane; printf "\033[2J\033[H was STOPPED"; read pid
		bg; until grep -q "^State:.T" /proc/$pid/status; do :; done; fg`
	term := startOnTerminal(t, 120, 36, nil, append([]string{"sh", "-c", script, gclTUI}, plain...)...)
	term.await(`1/1 ready`)
	group, err := unix.IoctlGetInt(int(term.master.Fd()), unix.TIOCGPGRP) // of the other end
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(group, syscall.SIGTSTP); err != nil {
		t.Fatal(err)
	}
	term.await(`STOPPED`)
	term.press(itoa(group) + "\n")
	term.awaitGone(`STOPPED`)
	term.await(`1/1 ready`)
	term.press("?")
	term.await(`replace all, one by one`)
	term.press("qqy")
	if code := term.wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	requireNothingLeft(t, term.mark)
}
