package theme

import (
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

// graphShades is how many shades a graph has from its foot to its peak.
const graphShades = 4

// Theme is a set of styles by role. The zero Theme has no colours.
type Theme struct {
	// Name is the theme's name, as in --theme.
	Name string
	// Dark is true if it is made for a dark background.
	Dark bool

	// Text needs no style: it is the terminal's own foreground.
	Strong Style // names and figures that matter
	Muted  Style // labels, units, zeros
	Border Style
	Accent Style // the one colour that is not a verdict
	Good   Style
	Warn   Style
	Crit   Style
	// Title is the heading of a pane, Key a key in the footer, Alarm the one
	// thing to look at first.
	Title, Key, Alarm Style
	// Badge is Alarm on a ground of its own: what cannot be overlooked.
	Badge Style
	// Graph shades a graph from its foot to its peak.
	Graph [graphShades]Style
	// Selected is the background of the selected row. Its Off ends every
	// style; the other styles leave a background alone.
	Selected Style
}

// Names returns the names of the themes.
func Names() []string {
	names := make([]string, 0, len(palettes))
	for _, p := range palettes {
		names = append(names, p.name)
	}
	return names
}

// ForBackground returns the name of the theme for a dark or a light background.
func ForBackground(dark bool) string {
	for _, p := range palettes {
		if p.dark == dark {
			return p.name
		}
	}
	return palettes[0].name
}

// New returns the theme of that name in the colours that the terminal has, as
// its environment tells (TERM, COLORTERM, and NO_COLOR of no-color.org).
func New(name string, environ []string) (Theme, error) {
	for _, p := range palettes {
		if p.name == name {
			return p.render(colours(environ)), nil
		}
	}
	return Theme{}, fmt.Errorf("theme %q: want %s", name, strings.Join(Names(), " or "))
}

// colours returns a renderer for the terminal that environ describes.
func colours(environ []string) *lipgloss.Renderer {
	out := termenv.NewOutput(io.Discard, termenv.WithTTY(true), termenv.WithEnvironment(env(environ)))
	r := lipgloss.NewRenderer(io.Discard)
	r.SetColorProfile(out.EnvColorProfile())
	return r
}

func (p palette) render(r *lipgloss.Renderer) Theme {
	fg := func(c lipgloss.CompleteColor) lipgloss.Style { return r.NewStyle().Foreground(c) }
	t := Theme{
		Name:     p.name,
		Dark:     p.dark,
		Strong:   foreground(r.NewStyle().Bold(true)),
		Muted:    foreground(fg(p.muted)),
		Border:   foreground(fg(p.border)),
		Accent:   foreground(fg(p.accent)),
		Good:     foreground(fg(p.good)),
		Warn:     foreground(fg(p.warn)),
		Crit:     foreground(fg(p.crit)),
		Title:    foreground(fg(p.accent).Bold(true)),
		Key:      foreground(fg(p.accent)),
		Alarm:    foreground(fg(p.crit).Bold(true)),
		Badge:    badge(r.NewStyle().Foreground(p.crit).Bold(true).Reverse(true)),
		Selected: background(r.NewStyle().Background(p.selection)),
	}
	for i, c := range p.graph {
		t.Graph[i] = foreground(fg(c))
	}
	return t
}

// env answers termenv's questions from a list of K=V pairs.
type env []string

// Environ returns all pairs.
func (e env) Environ() []string { return e }

// Getenv returns the value of a variable, the last one if there are several.
func (e env) Getenv(key string) string {
	for i := len(e) - 1; i >= 0; i-- {
		if k, v, _ := strings.Cut(e[i], "="); k == key {
			return v
		}
	}
	return ""
}

var _ termenv.Environ = env(nil)
