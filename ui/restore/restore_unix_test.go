//go:build unix

package restore

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
)

// deadline bounds every test with a real process.
const deadline = time.Minute

// endVar says how a process of the test binary ends that has drawn on a terminal.
const endVar = "RESTORE_TEST_END"

func TestMain(m *testing.M) {
	RunRole()
	if end := os.Getenv(endVar); end != "" {
		draw(end)
	}
	os.Exit(m.Run())
}

// draw spoils the terminal on stdin and stdout, and ends.
func draw(end string) {
	done, err := Watch(os.Stdin)
	if err == nil {
		_, err = term.MakeRaw(os.Stdin.Fd())
	}
	if err != nil {
		fmt.Println("cannot draw:", err)
		os.Exit(1)
	}
	fmt.Print("\x1b[?1049h\x1b[?25l spoiled")
	switch end {
	case "panic":
		go func() { panic("nobody watches") }()
	case "well":
		done()
		os.Exit(0)
	}
	select {} // until killed
}

// screen is a pty and what was written to it.
type screen struct {
	master, tty *os.File
	got         strings.Builder
}

// await reads until want was written.
func (s *screen) await(t *testing.T, want string) {
	t.Helper()
	for buf := make([]byte, 1024); !strings.Contains(s.got.String(), want); {
		n, err := s.master.Read(buf)
		if err != nil {
			t.Fatalf("%v, no %q in %q", err, want, s.got.String())
		}
		s.got.Write(buf[:n])
	}
}

// ended runs draw on a pty and returns what the terminal got, and whether its
// settings are as they were.
func ended(t *testing.T, end string) (output string, restored bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	var s screen
	var err error
	if s.master, s.tty, err = pty.Open(); err != nil {
		t.Fatal(err)
	}
	defer s.master.Close()
	if err := s.master.SetReadDeadline(time.Now().Add(deadline)); err != nil {
		t.Fatal(err)
	}
	before := modes(t, s.tty)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), endVar+"="+end)
	cmd.Stdin, cmd.Stdout = s.tty, s.tty
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s.await(t, "spoiled")
	if end == "kill" {
		if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	_ = cmd.Wait() // it ends as it was told to
	if end != "well" {
		s.await(t, cursorShown)
	}
	restored = modes(t, s.tty) == before
	s.tty.Close()
	// What is left ends with the last process that has the terminal, on Linux
	// with an error.
	rest, _ := io.ReadAll(s.master)
	return s.got.String() + string(rest), restored
}

// cursorShown is the last control sequence of those that restore.
const cursorShown = "\x1b[?25h"

func modes(t *testing.T, tty *os.File) settings {
	t.Helper()
	now, err := getSettings(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return now
}

func TestKilled(t *testing.T) {
	output, restored := ended(t, "kill")
	if !restored {
		t.Error("the terminal's settings are not what they were")
	}
	if !strings.Contains(output, "\x1b[?1049l") {
		t.Errorf("the alternate screen is not left: %q", output)
	}
}

func TestPanic(t *testing.T) {
	output, restored := ended(t, "panic")
	if !restored {
		t.Error("the terminal's settings are not what they were")
	}
	_, after, found := strings.Cut(output, "\x1b[?1049l")
	if !found || !strings.Contains(after, "panic: nobody watches") || !strings.Contains(after, "restore_unix_test.go") {
		t.Errorf("the trace is not on the normal screen: %q", output)
	}
}

// TestAllWell: a program that ends in order restores its terminal itself, and
// nobody interferes. This one has not.
func TestAllWell(t *testing.T) {
	output, restored := ended(t, "well")
	if restored || strings.Contains(output, "\x1b[?1049l") {
		t.Errorf("restored without need: %q", output)
	}
}

func TestNoTerminal(t *testing.T) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := Watch(file); err == nil {
		t.Error("no error without a terminal")
	}
}
