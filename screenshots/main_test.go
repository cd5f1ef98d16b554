package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/charmbracelet/x/term"
	"go.uber.org/goleak"
)

// roleVar makes the test binary play a program instead of running the tests.
const roleVar = "SCREENSHOTS_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(roleVar) {
	case "":
		goleak.VerifyTestMain(m)
	case "dashboard":
		os.Exit(runDashboard())
	case "frames":
		os.Exit(runFrames())
	case "deaf":
		os.Exit(runDeaf())
	case "converter":
		os.Exit(runConverter())
	}
}

// runDashboard is a program with a screen: it asks for the background colour
// and shows the answer, its size and the last key, until ctrl+c.
func runDashboard() int {
	restore, err := term.MakeRaw(os.Stdin.Fd())
	if err != nil {
		return 2
	}
	defer term.Restore(os.Stdin.Fd(), restore) //nolint:errcheck // it ends
	fmt.Print("\x1b[?1049h\x1b]11;?\x07")
	var answer, key []byte
	buf := make([]byte, 256)
	for {
		n, err := os.Stdin.Read(buf)
		if err != nil {
			return 3
		}
		switch got := buf[:n]; {
		case bytes.Contains(got, []byte{3}):
			fmt.Print("\x1b[?1049l")
			return 0
		case len(answer) > 0 && !bytes.HasSuffix(answer, []byte{7}), bytes.HasPrefix(got, []byte{0x1b}):
			answer = append(answer, got...)
		default:
			key = bytes.Clone(got)
		}
		cols, rows, _ := term.GetSize(os.Stdin.Fd())
		fmt.Printf("\x1b[H\x1b[2J\x1b[32mbackground %q\x1b[m\r\nsize %dx%d\r\nkey %q", answer, cols, rows, key)
	}
}

// runFrames draws half a frame within marks of synchronized output, and the
// other half when a key is pressed.
func runFrames() int {
	if _, err := term.MakeRaw(os.Stdin.Fd()); err != nil {
		return 2
	}
	fmt.Print("\x1b[?2026hhalf")
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
		return 3
	}
	fmt.Print(" and whole\x1b[?2026l")
	if _, err := os.Stdin.Read(make([]byte, 1)); err != nil {
		return 3
	}
	return 0
}

// runDeaf is a program that shows something and does not end on ctrl+c.
func runDeaf() int {
	if _, err := term.MakeRaw(os.Stdin.Fd()); err != nil {
		return 2
	}
	fmt.Print("not what you want")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// runConverter writes its arguments to the file that it is to convert to.
func runConverter() int {
	args := os.Args[1:]
	if len(args) != 5 || args[2] != "--output" {
		fmt.Fprint(os.Stderr, "bad arguments")
		return 1
	}
	if os.WriteFile(args[3], fmt.Append(nil, args), 0o600) != nil {
		return 1
	}
	return 0
}
