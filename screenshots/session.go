package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// quiet is how long a program must have written nothing for its screen to count
// as whole, unless it marks its frames itself.
const quiet = 50 * time.Millisecond

// session is a program on an emulated terminal. Its methods are for one
// goroutine; two of its own carry bytes back and forth until the program ends.
type session struct {
	look    look
	cmd     *exec.Cmd
	tty     *os.File
	goodbye time.Duration // how long the program may take to end after ctrl+c

	mu     sync.Mutex // guards screen and frames
	screen *vt.Emulator
	frames frames

	changed chan struct{} // holds a token after the screen has changed
	ended   chan struct{} // closed when the program has closed its terminal
}

// frames is what is known of synchronized output (mode 2026), by which a
// program marks where a frame begins and ends.
type frames struct{ marked, open bool }

// startSession runs a program. The emulator answers its questions about the
// terminal, the background colour among them, as a terminal of that look does.
func startSession(l look, cols, rows int, argv ...string) (*session, error) {
	s := &session{
		look:    l,
		goodbye: 20 * time.Second,
		cmd:     exec.Command(argv[0], argv[1:]...),
		screen:  vt.NewEmulator(cols, rows),
		changed: make(chan struct{}, 1),
		ended:   make(chan struct{}),
	}
	s.cmd.Env = environment(os.Environ())
	s.screen.SetDefaultForegroundColor(l.foreground)
	s.screen.SetDefaultBackgroundColor(l.background)
	s.screen.SetCallbacks(vt.Callbacks{
		EnableMode:  func(m ansi.Mode) { s.frames.mark(m, true) },
		DisableMode: func(m ansi.Mode) { s.frames.mark(m, false) },
	})
	var err error
	if s.tty, err = pty.StartWithSize(s.cmd, winsize(cols, rows)); err != nil {
		return nil, fmt.Errorf("start %s: %w", argv[0], err)
	}
	go s.carryOutput()
	go s.carryAnswers()
	return s, nil
}

func (f *frames) mark(m ansi.Mode, open bool) {
	if m == ansi.ModeSynchronizedOutput {
		f.marked, f.open = true, open
	}
}

// carryOutput feeds what the program writes to the emulator. It ends when the
// last process on the terminal has closed it.
func (s *session) carryOutput() {
	defer close(s.ended)
	buf := make([]byte, 32<<10)
	for {
		n, err := s.tty.Read(buf)
		s.mu.Lock()
		_, _ = s.screen.Write(buf[:n]) // fails only once it is closed
		s.mu.Unlock()
		select {
		case s.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

// carryAnswers feeds what the emulator answers to the program. It ends when
// close closes the pipe between.
func (s *session) carryAnswers() { _, _ = io.Copy(s.tty, s.screen) }

// press sends bytes as if typed.
func (s *session) press(keys string) error {
	if _, err := s.tty.WriteString(keys); err != nil {
		return fmt.Errorf("press %q: %w", keys, err)
	}
	return nil
}

// resize changes the size of the terminal and blanks it, so that all that is
// on it afterwards is in the new size.
func (s *session) resize(cols, rows int) error {
	s.mu.Lock()
	if s.screen.Width() == cols && s.screen.Height() == rows {
		s.mu.Unlock()
		return nil
	}
	s.screen.Resize(cols, rows)
	_, _ = s.screen.WriteString(ansi.EraseEntireScreen)
	s.mu.Unlock()
	if err := pty.Setsize(s.tty, winsize(cols, rows)); err != nil {
		return fmt.Errorf("resize the terminal to %dx%d: %w", cols, rows, err)
	}
	return nil
}

func winsize(cols, rows int) *pty.Winsize {
	return &pty.Winsize{Cols: uint16(cols), Rows: uint16(rows)}
}

// wait returns the screen as soon as it is a whole frame and each pattern
// matches one of its lines. The error tells what the screen showed instead.
func (s *session) wait(ctx context.Context, want []*regexp.Regexp) (grid, error) {
	silence := time.NewTimer(quiet)
	defer silence.Stop()
	for {
		silent := false
		select {
		case <-s.changed:
			silence.Reset(quiet)
		case <-silence.C:
			silent = true
		case <-s.ended:
			return grid{}, s.missing(want, errors.New("the program ended"))
		case <-ctx.Done():
			return grid{}, s.missing(want, ctx.Err())
		}
		if g, whole := s.take(silent); whole && unmatched(&g, want) == nil {
			return g, nil
		}
	}
}

// take copies the screen. It is whole if the program has closed its frame, or,
// if it does not mark frames, has been silent.
func (s *session) take(silent bool) (g grid, whole bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	whole = silent
	if s.frames.marked {
		whole = !s.frames.open
	}
	return takeGrid(s.screen, &s.look), whole
}

func (s *session) missing(want []*regexp.Regexp, cause error) error {
	g, _ := s.take(true)
	return fmt.Errorf("wait for the screen to show %q: %w; it shows:\n%s", unmatched(&g, want), cause, g.String())
}

// unmatched returns the patterns that match no line.
func unmatched(g *grid, want []*regexp.Regexp) (left []string) {
	lines := strings.Split(g.String(), "\n")
	for _, re := range want {
		if !slices.ContainsFunc(lines, re.MatchString) {
			left = append(left, re.String())
		}
	}
	return left
}

// close asks the program to end as ctrl+c does, and kills it if it does not.
func (s *session) close() error {
	_ = s.press("\x03") // it may have ended already
	var late error
	select {
	case <-s.ended:
	case <-time.After(s.goodbye):
		late = fmt.Errorf("%s did not end within %v of ctrl+c", s.cmd.Path, s.goodbye)
		_ = s.cmd.Process.Kill()
	}
	if in, ok := s.screen.InputPipe().(io.Closer); ok {
		_ = in.Close()
	}
	_ = s.tty.Close() // ends carryOutput even if some process keeps the terminal
	<-s.ended
	if err := s.cmd.Wait(); err != nil && late == nil {
		return fmt.Errorf("run %s: %w", s.cmd.Path, err)
	}
	return late
}

// environment returns base with the terminal described as one with all colours.
func environment(base []string) []string {
	env := slices.DeleteFunc(slices.Clone(base), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		switch name {
		case "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLORTERM", "TERM_PROGRAM", "TMUX", "STY",
			"LINES", "COLUMNS", "LC_ALL", "LC_CTYPE":
			return true
		}
		return false
	})
	return append(env, "TERM=xterm-256color", "COLORTERM=truecolor", "LANG=C.UTF-8")
}
