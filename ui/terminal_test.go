//go:build !windows

package ui

import (
	"image/color"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/term"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// deadline is the most that a test with a terminal may take.
const deadline = time.Minute

// terminal is a terminal emulator with the screen running on it, in a process
// of its own.
type terminal struct {
	t      *testing.T
	pty    *os.File
	tty    *os.File // kept open to see its modes
	before *term.State
	cmd    *exec.Cmd

	mu      sync.Mutex
	emu     *vt.Emulator
	alt     bool
	cursor  bool
	mouse   bool
	changed chan struct{} // gets a value, at most one, after each output
	ended   chan struct{} // closed when the process has ended and all was read
}

// terminalOptions are what differs between the tests.
type terminalOptions struct {
	role          string
	width, height int
	background    color.Color // what the terminal answers; nil: it never answers
	env           []string
}

func openTerminal(t *testing.T, o terminalOptions) *terminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	tm := &terminal{
		t: t, pty: master, tty: slave, cursor: true, emu: vt.NewEmulator(o.width, o.height),
		changed: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	tm.emu.SetCallbacks(vt.Callbacks{
		AltScreen:        func(on bool) { tm.alt = on },
		CursorVisibility: func(visible bool) { tm.cursor = visible },
		EnableMode:       func(m ansi.Mode) { tm.mode(m, true) },
		DisableMode:      func(m ansi.Mode) { tm.mode(m, false) },
	})
	if o.background != nil {
		tm.emu.SetDefaultBackgroundColor(o.background)
	}
	if err := pty.Setsize(master, &pty.Winsize{Cols: uint16(o.width), Rows: uint16(o.height)}); err != nil {
		t.Fatal(err)
	}
	if tm.before, err = term.GetState(slave.Fd()); err != nil {
		t.Fatal(err)
	}
	tm.start(o)
	return tm
}

func (tm *terminal) start(o terminalOptions) {
	tm.cmd = exec.Command(os.Args[0])
	tm.cmd.Env = append(append([]string{roleVar + "=" + o.role}, trueColor...), o.env...)
	tm.cmd.Stdin, tm.cmd.Stdout, tm.cmd.Stderr = tm.tty, tm.tty, tm.tty
	// Only a process whose terminal it is hears of its size.
	tm.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := tm.cmd.Start(); err != nil {
		tm.t.Fatal(err)
	}
	answers := make(chan struct{})
	go func() {
		defer close(answers)
		tm.answer(o.background)
	}()
	read := make(chan struct{})
	go func() {
		defer close(read)
		tm.read()
	}()
	tm.t.Cleanup(func() {
		_ = tm.cmd.Process.Kill()
		<-tm.ended
		tm.tty.Close()
		<-read // ends when no slave is open any more
		tm.pty.Close()
		// Closing the emulator itself would race with reading from it.
		_ = tm.emu.InputPipe().(io.Closer).Close()
		<-answers
	})
	go func() {
		_ = tm.cmd.Wait()
		close(tm.ended)
	}()
}

func (tm *terminal) mode(m ansi.Mode, on bool) {
	switch m.Mode() {
	case ansi.ModeMouseNormal.Mode(), ansi.ModeMouseButtonEvent.Mode(), ansi.ModeMouseAnyEvent.Mode():
		tm.mouse = on
	}
}

// read shows what the process writes until nobody has the terminal open.
func (tm *terminal) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := tm.pty.Read(buf)
		tm.mu.Lock()
		_, _ = tm.emu.Write(buf[:n])
		tm.mu.Unlock()
		select {
		case tm.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// answer types the terminal's answers, if it is one that answers.
func (tm *terminal) answer(background color.Color) {
	if background == nil {
		_, _ = io.Copy(io.Discard, tm.emu)
		return
	}
	_, _ = io.Copy(tm.pty, tm.emu)
}

// until waits for what the terminal shows to satisfy ok.
func (tm *terminal) until(what string, ok func(lines []string) bool) {
	tm.t.Helper()
	timeout := time.After(deadline)
	for {
		lines := tm.lines()
		if ok(lines) {
			return
		}
		select {
		case <-tm.changed:
		case <-timeout:
			tm.t.Fatalf("the terminal does not show %s:\n%s", what, strings.Join(lines, "\n"))
		}
	}
}

// shows waits for a text.
func (tm *terminal) shows(text string) {
	tm.t.Helper()
	tm.until(text, func(lines []string) bool { return strings.Contains(strings.Join(lines, "\n"), text) })
}

func (tm *terminal) lines() []string {
	tm.mu.Lock()
	defer tm.mu.Unlock()
	lines := make([]string, tm.emu.Height())
	for y := range lines {
		var sb strings.Builder
		for x := range tm.emu.Width() {
			if c := tm.emu.CellAt(x, y); c != nil && c.Content != "" {
				sb.WriteString(c.Content)
			} else {
				sb.WriteByte(' ')
			}
		}
		lines[y] = sb.String()
	}
	return lines
}

func (tm *terminal) types(keys string) {
	tm.t.Helper()
	if _, err := tm.pty.WriteString(keys); err != nil {
		tm.t.Fatal(err)
	}
}

func (tm *terminal) resize(width, height int) {
	tm.t.Helper()
	tm.mu.Lock()
	tm.emu.Resize(width, height)
	tm.mu.Unlock()
	if err := pty.Setsize(tm.pty, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)}); err != nil {
		tm.t.Fatal(err)
	}
}

// restored waits for the end of the process and checks that it left the
// terminal as it found it.
func (tm *terminal) restored() {
	tm.t.Helper()
	select {
	case <-tm.ended:
	case <-time.After(deadline):
		tm.t.Fatalf("the process does not end; the terminal shows:\n%s", strings.Join(tm.lines(), "\n"))
	}
	tm.shows("ended: ") // so that all it wrote was read
	after, err := term.GetState(tm.tty.Fd())
	if err != nil {
		tm.t.Fatal(err)
	}
	tm.mu.Lock()
	defer tm.mu.Unlock()
	if tm.alt || !tm.cursor || tm.mouse {
		tm.t.Errorf("alternate screen %v, cursor visible %v, mouse %v", tm.alt, tm.cursor, tm.mouse)
	}
	if !reflect.DeepEqual(tm.before, after) {
		tm.t.Errorf("the terminal's modes were %+v, and are %+v", tm.before, after)
	}
}
