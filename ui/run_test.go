//go:build !windows

package ui

import (
	"context"
	"errors"
	"fmt"
	"image/color"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"go.uber.org/goleak"
)

// calmLines is the frame of the process's screen, by this process.
func calmLines(w, h int) []string {
	md := testModel(newFakeMaster(calm()), Options{}, fixtureEvents()...)
	md.resize(w, h)
	return strings.Split(ansi.Strip(screenText(md)), "\n")
}

func TestScreenOnATerminal(t *testing.T) {
	tm := openTerminal(t, terminalOptions{role: "normal", width: 120, height: 36, background: color.Black})
	for _, s := range [][2]int{{120, 36}, {80, 24}, {40, 10}, {120, 36}} {
		tm.resize(s[0], s[1])
		want := calmLines(s[0], s[1])
		tm.until(fmt.Sprintf("the frame of %dx%d", s[0], s[1]), func(got []string) bool { return slices.Equal(got, want) })
	}
	tm.types("q")
	tm.restored()
	tm.shows("ended: <nil>; asked: stop all")
}

// However the screen ends, the terminal is as it was.
func TestTerminalIsRestored(t *testing.T) {
	for _, c := range []struct{ role, keys, want string }{
		{"ends by itself", "r", "ended: <nil>; asked: restart 1"},
		{"does not stop", "\x03\x03", "ended: interrupted twice: the workers left were killed; asked: stop all, stop all"},
		{"panics in a snapshot", "R", "ended: the screen failed: snapshot; asked: reload you"},
		{"panics in a request", "+", "ended: the screen failed: request; asked: "},
	} {
		t.Run(c.role, func(t *testing.T) {
			tm := openTerminal(t, terminalOptions{role: c.role, width: 100, height: 30})
			tm.shows("events")
			tm.types(c.keys)
			tm.restored()
			tm.shows(c.want)
		})
	}
}

// borderColor returns the colour of the first frame's corner.
func (tm *terminal) borderColor() string {
	tm.mu.Lock()
	defer tm.mu.Unlock()
	c := tm.emu.CellAt(0, 1)
	if c == nil || c.Content != "╭" {
		return ""
	}
	r, g, b, _ := c.Style.Fg.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// The theme is that of the terminal's background, and keys typed around the
// answer are keys.
func TestThemeOnATerminal(t *testing.T) {
	const dark, light = "#3d4552", "#bcc4ce"
	for _, c := range []struct {
		name       string
		background color.Color
		env        []string
		late       string // typed as if by the terminal, long after
		want       string
	}{
		{name: "dark", background: color.Black, want: dark},
		{name: "light", background: color.White, want: light},
		{name: "no answer", want: dark},
		{name: "no answer, but COLORFGBG", env: []string{"COLORFGBG=0;15"}, want: light},
		{name: "a late answer", late: "\x1b]11;rgb:ffff/ffff/ffff\x1b\\", want: light},
	} {
		t.Run(c.name, func(t *testing.T) {
			tm := openTerminal(t, terminalOptions{role: "normal", width: 120, height: 36, background: c.background, env: c.env})
			tm.types("j")
			tm.shows("restart w2")
			tm.types("j" + c.late + "j")
			tm.shows("kill w4")
			near := func(hex string) func([]string) bool {
				return func([]string) bool { return sameColor(tm.borderColor(), hex) }
			}
			tm.until("the theme", near(c.want))
			tm.types("q")
			tm.restored()
			tm.shows("ended: <nil>; asked: stop all") // no letter of an answer was a command
		})
	}
}

// sameColor compares with a tolerance: rendering rounds.
func sameColor(a, b string) bool {
	var x, y [3]int
	if n, _ := fmt.Sscanf(a, "#%02x%02x%02x", &x[0], &x[1], &x[2]); n != 3 {
		return false
	}
	_, _ = fmt.Sscanf(b, "#%02x%02x%02x", &y[0], &y[1], &y[2])
	for i := range x {
		if d := x[i] - y[i]; d < -2 || d > 2 {
			return false
		}
	}
	return true
}

// Whatever was typed before the screen was up is not lost.
func TestTypeAhead(t *testing.T) {
	master := terminalOptions{role: "normal", width: 120, height: 36, background: color.White}
	tm := openTerminal(t, master)
	tm.types("jjr")
	tm.shows("restarting w3")
	tm.types("q")
	tm.restored()
	tm.shows("asked: restart 3, stop all")
}

func TestRunLeavesNoGoroutine(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer null.Close()
	err = run(ctx, newFakeMaster(fixture()), silence{}, Options{In: r, Out: null, Environ: trueColor})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("run returned %v", err)
	}
}
