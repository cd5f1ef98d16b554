package ui

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"gcl-tui/theme"
	"gcl-tui/ui/internal/draw"
	"gcl-tui/ui/internal/tty"
)

// ThemeAuto chooses the theme by the terminal's background.
const ThemeAuto = "auto"

// Options are the looks of the screen and the terminal it is shown on.
type Options struct {
	// Theme is a name of theme.Names or ThemeAuto, the default.
	Theme string
	// ASCII shows nothing but ASCII characters.
	ASCII bool
	// In and Out are the terminal; they default to stdin and stdout.
	In, Out *os.File
	// Environ tells the terminal's abilities (TERM, COLORTERM, NO_COLOR,
	// COLORFGBG) as K=V pairs; it defaults to the process's environment.
	Environ []string
	// Version is shown in the help.
	Version string
	// Now is the clock; it defaults to time.Now.
	Now func() time.Time
}

// CheckTheme returns an error that names the themes there are if name is none
// of them and not ThemeAuto.
func CheckTheme(name string) error {
	names := append([]string{ThemeAuto}, theme.Names()...)
	if slices.Contains(names, name) {
		return nil
	}
	return fmt.Errorf("theme %q: want %s", name, strings.Join(names, ", "))
}

func (o Options) withDefaults() Options {
	if o.Theme == "" {
		o.Theme = ThemeAuto
	}
	if o.In == nil {
		o.In = os.Stdin
	}
	if o.Out == nil {
		o.Out = os.Stdout
	}
	if o.Environ == nil {
		o.Environ = os.Environ()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// getenv returns a variable of the terminal's environment.
func (o Options) getenv(key string) string {
	for _, kv := range slices.Backward(o.Environ) {
		if k, v, _ := strings.Cut(kv, "="); k == key {
			return v
		}
	}
	return ""
}

// asksBackground is true if the terminal is to be asked for its background.
func (o Options) asksBackground() bool {
	return o.Theme == ThemeAuto && o.getenv("NO_COLOR") == "" && tty.CanQuery(o.getenv("TERM"))
}

// pen returns what to draw with; dark is the terminal's background.
func (o Options) pen(dark bool) (draw.Pen, error) {
	name := o.Theme
	if name == ThemeAuto {
		name = theme.ForBackground(dark)
	}
	t, err := theme.New(name, o.Environ)
	if err != nil {
		return draw.Pen{}, err
	}
	glyphs := draw.Unicode
	if o.ASCII {
		glyphs = draw.ASCII
	}
	return draw.Pen{Theme: t, Glyphs: glyphs}, nil
}

// darkGuess is what is taken for the background until the terminal answers.
func darkGuess(o Options) bool { return tty.GuessDark(o.getenv("COLORFGBG")) }
