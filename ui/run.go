package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/term"

	_ "gcl-tui/theme/background" // before bubbletea is initialised; see there
	"gcl-tui/ui/internal/tty"
)

// ErrForced is returned by Run when the user would not wait for the workers to
// stop: a second ctrl+c. Those left were told to die.
var ErrForced = errors.New("interrupted twice: the workers left were killed")

// framesPerSecond is the least that bubbletea takes for its renderer, which has
// nothing to draw; see screen.
const framesPerSecond = 1

// Run shows the master on a terminal until the master has ended, and returns
// nil then, whoever asked for the end. It returns ErrForced if the user forced
// it, ctx's error if ctx ended first, a *PanicError if drawing failed, or what
// is wrong with the terminal. The terminal is restored in every case.
//
// The caller owns m and stops it, whatever Run returns.
func Run(ctx context.Context, m Master, o Options) error {
	return run(ctx, m, m.Subscribe(), o)
}

func run(ctx context.Context, m Master, source events, o Options) error {
	o = o.withDefaults()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the commands that still wait

	in := tty.NewInput(o.In)
	md, err := newModel(ctx, m, source, o)
	if err != nil {
		return err
	}
	md.background = in.Background
	continued := make(chan os.Signal, 1)
	tty.NotifyContinued(continued)
	defer signal.Stop(continued)
	md.continued = continued
	if o.asksBackground() {
		md.askBackground = func() error { return tty.QueryBackground(o.Out) }
	}
	// With the size known, the first frame is a whole one.
	if w, h, err := term.GetSize(o.Out.Fd()); err == nil {
		md.resize(w, h)
	}
	g := &guard{inner: &screen{model: md, painter: tty.NewPainter(o.Out)}}
	_, err = tea.NewProgram(g,
		tea.WithInput(in),
		tea.WithOutput(tty.Output{File: o.Out}),
		tea.WithEnvironment(o.Environ),
		tea.WithAltScreen(),
		tea.WithoutSignalHandler(),
		tea.WithFPS(framesPerSecond),
	).Run()
	switch {
	case g.panicked != nil:
		return g.panicked
	case md.err != nil:
		return md.err
	case err != nil:
		return fmt.Errorf("show the screen: %w", err)
	}
	return nil
}
