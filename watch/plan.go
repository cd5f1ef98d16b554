package watch

import (
	"context"
	"fmt"
	"os"
	"time"

	"gcl-tui/watch/internal/source"
)

// Command is a command line.
type Command struct {
	// Path is a program, as a path or a name on PATH, or a Go main package.
	Path string
	// Args are its arguments.
	Args []string
	// Dir is the working directory; empty means this process's.
	Dir string
	// Env is the whole environment, as of os.Environ; nil means this process's.
	Env []string
}

// Options overrides what Find finds out.
type Options struct {
	// Dirs are directories to watch, with all below them, in place of what
	// Find would choose.
	Dirs []string
	// Ignore are patterns, as in .gitignore, of what is not watched.
	Ignore []string
	// Build is a command for the shell that builds the program, in the working
	// directory.
	Build string
	// Debounce is how long nothing must change before a change is acted on;
	// 0 means 100 ms.
	Debounce time.Duration
	// Poll compares files instead of asking the system for changes.
	Poll bool
	// Off builds once and watches nothing.
	Off bool
}

// Plan is what to watch and how to build it. It holds nothing open.
type Plan struct {
	request source.Request
	recipe  *source.Recipe
	opts    Options
	dir     string    // the working directory
	found   time.Time // when Find began
	mark    string    // see Mark
}

// Find finds out what to watch for a command line and how it is built. An error
// is one sentence that says why the command cannot be run, or that of ctx,
// which bounds the commands of the Go toolchain that are asked.
func Find(ctx context.Context, cmd Command, opts Options) (*Plan, error) {
	p := &Plan{opts: opts, dir: cmd.Dir, found: time.Now()}
	if p.dir == "" {
		dir, err := os.Getwd()
		if err != nil {
			return nil, fmt.Errorf("find the working directory: %w", err)
		}
		p.dir = dir
	}
	p.request = source.Request{
		Path: cmd.Path, Args: cmd.Args, Dir: p.dir, Env: cmd.Env,
		Dirs: opts.Dirs, Build: opts.Build, Off: opts.Off,
	}
	if cmd.Env == nil {
		p.request.Env = os.Environ()
	}
	var err error
	if p.recipe, err = source.Find(ctx, p.request); err != nil {
		return nil, err
	}
	return p, nil
}

// What returns one line for the screen: what is watched, how it is built, why.
func (p *Plan) What() string { return p.recipe.What(p.recipe.Listing) }

// Mark has every build find entry, as of os.Environ, in its environment, by which
// its processes can be told from others. It must come before Start.
func (p *Plan) Mark(entry string) { p.mark = entry }

// Builds reports whether a change is built.
func (p *Plan) Builds() bool { return p.recipe.Builds() }

// Program returns what can be run at once. ok is false if that takes the first
// Built event. A Go binary is run as it is, although changes of its source are
// built.
func (p *Plan) Program() (prog Program, ok bool) {
	switch {
	case p.recipe.Shell != "", p.recipe.Kind == source.GoPackage, p.recipe.Kind == source.GoRun:
		return Program{}, false
	}
	return p.inPlace(), true
}

// inPlace returns the user's own program.
func (p *Plan) inPlace() Program {
	return Program{Path: p.recipe.Path, Args: p.recipe.Args, InPlace: true}
}
