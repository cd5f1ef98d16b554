//go:build linux

package e2e

import (
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// terminal is the program on an emulated terminal. Two goroutines carry bytes
// back and forth until the terminal is closed.
type terminal struct {
	t      *testing.T
	cmd    *exec.Cmd
	mark   string
	master *os.File // the emulator's end
	tty    *os.File // the program's end, kept open to read its settings
	before unix.Termios

	mu       sync.Mutex // guards what follows
	emulator *vt.Emulator
	onAlt    bool // the alternate screen is shown
	noCursor bool
	modes    map[ansi.Mode]bool // that were set and not reset

	changed chan struct{} // holds a token after the screen has changed
	carried sync.WaitGroup
	hangUp  sync.Once
}

// startTerminal starts the program on a terminal of its own, which controls it.
// When the test ends, nothing must be left of it.
func startTerminal(t *testing.T, cols, rows int, env []string, args ...string) *terminal {
	t.Helper()
	return startOnTerminal(t, cols, rows, env, append([]string{gclTUI}, args...)...)
}

// startOnTerminal starts any program so.
func startOnTerminal(t *testing.T, cols, rows int, env []string, argv ...string) *terminal {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*deadline)
	t.Cleanup(cancel)
	term := &terminal{
		t: t, mark: newMark(t),
		emulator: vt.NewEmulator(cols, rows),
		modes:    map[ansi.Mode]bool{},
		changed:  make(chan struct{}, 1),
	}
	term.emulator.SetCallbacks(vt.Callbacks{
		AltScreen:        func(on bool) { term.onAlt = on },
		CursorVisibility: func(on bool) { term.noCursor = !on },
		EnableMode:       func(m ansi.Mode) { term.modes[m] = true },
		DisableMode:      func(m ansi.Mode) { delete(term.modes, m) },
	})
	var err error
	if term.master, term.tty, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	term.setSize(cols, rows)
	term.before = term.settings()
	term.cmd = exec.CommandContext(ctx, argv[0], argv[1:]...)
	term.cmd.Env = append(append(os.Environ(), term.mark, "TERM=xterm-256color", "NO_COLOR="), env...)
	term.cmd.Stdin, term.cmd.Stdout, term.cmd.Stderr = term.tty, term.tty, term.tty
	term.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := term.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	term.carried.Go(term.carryOutput)
	term.carried.Go(func() { _, _ = io.Copy(term.master, term.emulator) }) // ends with close
	t.Cleanup(term.close)
	return term
}

// carryOutput feeds what the program writes to the emulator, until the terminal
// is closed.
func (term *terminal) carryOutput() {
	buf := make([]byte, 32<<10)
	for {
		n, err := term.master.Read(buf)
		term.mu.Lock()
		_, _ = term.emulator.Write(buf[:n]) // fails only once it is closed
		term.mu.Unlock()
		select {
		case term.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// close ends the program, if it runs, and the goroutines.
func (term *terminal) close() {
	if term.cmd.ProcessState == nil {
		_ = term.cmd.Process.Signal(syscall.SIGTERM)
		term.wait()
	}
	requireNothingLeft(term.t, term.mark)
	term.hang()
	if in, ok := term.emulator.InputPipe().(io.Closer); ok {
		in.Close()
	}
	term.carried.Wait()
}

// hang closes the terminal, as a window that is closed does.
func (term *terminal) hang() {
	term.hangUp.Do(func() {
		term.tty.Close()
		term.master.Close()
	})
}

// wait returns the exit code.
func (term *terminal) wait() int {
	_ = term.cmd.Wait() // its code says it
	return term.cmd.ProcessState.ExitCode()
}

func (term *terminal) setSize(cols, rows int) {
	term.t.Helper()
	if err := pty.Setsize(term.master, &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}); err != nil {
		term.t.Fatal(err)
	}
}

// resize changes the terminal's size. What was on it is gone.
func (term *terminal) resize(cols, rows int) {
	term.t.Helper()
	term.mu.Lock()
	term.emulator.Resize(cols, rows)
	_, _ = term.emulator.WriteString(ansi.EraseEntireScreen)
	term.mu.Unlock()
	term.setSize(cols, rows)
}

// press types keys.
func (term *terminal) press(keys string) {
	term.t.Helper()
	if _, err := term.master.WriteString(keys); err != nil {
		term.t.Fatal(err)
	}
}

// screen returns the rows of the screen as text.
func (term *terminal) screen() []string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return strings.Split(term.emulator.String(), "\n")
}

// awaitScreen waits until the rows of the screen are good.
func (term *terminal) awaitScreen(what string, good func(rows []string) bool) {
	term.t.Helper()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for {
		rows := term.screen()
		if good(rows) {
			return
		}
		select {
		case <-term.changed:
		case <-timeout.C:
			term.t.Fatalf("not on the screen after %v: %s; it shows:\n%s", deadline, what, strings.Join(rows, "\n"))
		}
	}
}

// await waits until there is a row for each pattern, and returns the submatches
// of all, without the whole matches.
func (term *terminal) await(patterns ...string) (found []string) {
	term.t.Helper()
	var want []*regexp.Regexp
	for _, p := range patterns {
		want = append(want, regexp.MustCompile(p))
	}
	term.awaitScreen(strings.Join(patterns, " and "), func(rows []string) (ok bool) {
		found, ok = findAll(rows, want)
		return ok
	})
	return found
}

func findAll(rows []string, want []*regexp.Regexp) (found []string, ok bool) {
	for _, re := range want {
		var match []string
		for _, row := range rows {
			if match = re.FindStringSubmatch(row); match != nil {
				break
			}
		}
		if match == nil {
			return nil, false
		}
		found = append(found, match[1:]...)
	}
	return found, true
}

func (term *terminal) settings() unix.Termios {
	term.t.Helper()
	now, err := unix.IoctlGetTermios(int(term.tty.Fd()), unix.TCGETS)
	if err != nil {
		term.t.Fatal(err)
	}
	return *now
}

// requireRestored fails if the terminal is not as it was before the program.
// It is called when the program has ended; what it wrote may still be under way.
func (term *terminal) requireRestored() {
	term.t.Helper()
	if now := term.settings(); now != term.before {
		term.t.Errorf("settings %+v, want %+v", now, term.before)
	}
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for {
		term.mu.Lock()
		restored := !term.onAlt && !term.noCursor && len(term.unusual()) == 0
		state := term.unusual()
		onAlt, noCursor := term.onAlt, term.noCursor
		term.mu.Unlock()
		if restored {
			return
		}
		select {
		case <-term.changed:
		case <-timeout.C:
			term.t.Errorf("alternate screen %v, cursor hidden %v, modes on %v", onAlt, noCursor, state)
			return
		}
	}
}

// unusual returns the modes that are on and are not on in a fresh terminal.
func (term *terminal) unusual() (on []ansi.Mode) {
	for m := range term.modes {
		if m != ansi.ModeAutoWrap && m != ansi.ModeTextCursorEnable {
			on = append(on, m)
		}
	}
	return on
}
