//go:build !windows

package background_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/creack/pty"

	_ "gcl-tui/theme/background"
)

const role = "GCL_TEST_ROLE"

func TestMain(m *testing.M) {
	if os.Getenv(role) != "" {
		// Bubbletea is linked in and initialised by now.
		fmt.Printf("initialised %T\n", tea.Quit())
		return
	}
	os.Exit(m.Run())
}

// A program that imports bubbletea starts on a terminal that never answers, and
// has asked it nothing.
func TestImportAsksNothing(t *testing.T) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), role+"=import", "TERM=xterm-256color", "CI=")
	terminal, err := pty.Start(cmd)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	deadline := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	defer deadline.Stop()
	// At the end of a session reading a pty fails with EIO on Linux.
	got, _ := io.ReadAll(terminal)
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(got, []byte("initialised tea.QuitMsg")) {
		t.Fatalf("the program did not run: %q", got)
	}
	if bytes.ContainsRune(got, '\x1b') {
		t.Errorf("the terminal was asked: %q", got)
	}
}
