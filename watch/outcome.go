package watch

import (
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gcl-tui/watch/internal/build"
	"gcl-tui/watch/internal/source"
)

// outcome is what came of a job.
type outcome struct {
	output string
	err    error
	took   time.Duration
	// hash is that of the binary in the store's Output.
	hash build.Hash
	// inPlace: what was built is run where it lies.
	inPlace bool
	// unready says why the user's binary cannot be taken yet.
	unready string
	// recipe is that of the user's binary if it was built in another way than
	// before; nil if not.
	recipe *source.Recipe
}

var zeroHash build.Hash

// build builds the source. It runs in a goroutine of its own.
func (l *loop) build(ctx context.Context, recipe *source.Recipe) outcome {
	r := build.Run(ctx, l.buildJob(recipe))
	o := outcome{output: r.Output, err: r.Err, took: r.Took}
	if o.err != nil {
		return o
	}
	began := time.Now()
	if recipe.Shell != "" {
		l.takeMade(&o, recipe)
	} else if isArchive(l.store.Output()) {
		o.err = errNotMain
	}
	if o.err == nil && !o.inPlace {
		o.hash, o.err = build.HashFile(l.store.Output())
	}
	o.took += time.Since(began)
	return o
}

// errNotMain says what go build does not: it makes something of any package.
var errNotMain = errors.New("the package is no program any more: its files must say package main")

// isArchive reports whether a file is what go build makes of a package that is not
// main.
func isArchive(path string) bool {
	const magic = "!<arch>\n" // ar(5)
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(magic))
	_, err = io.ReadFull(f, head)
	return err == nil && string(head) == magic
}

// buildJob returns the command that builds.
func (l *loop) buildJob(r *source.Recipe) build.Job {
	if r.Shell != "" {
		env := l.tidy(l.plan.marked(source.InDir(l.plan.request.Env, l.plan.dir)))
		return build.Job{Argv: build.Shell(r.Shell), Dir: l.plan.dir, Env: env}
	}
	env := l.tidy(l.plan.marked(source.InDir(r.Go.Env, r.Go.Dir)))
	return build.Job{Argv: r.Go.Build(l.store.Output()), Dir: r.Go.Dir, Env: env}
}

// tidy has go build work in the store's scratch, unless env says where, also if a
// command of the user's runs it: what a cancelled build leaves is removed with
// that, and the binary is moved to the store and not copied.
func (l *loop) tidy(env []string) []string {
	if slices.ContainsFunc(env, func(v string) bool { return strings.HasPrefix(v, "GOTMPDIR=") }) {
		return env
	}
	return append(env, "GOTMPDIR="+l.store.Scratch())
}

// marked returns env with the plan's mark.
func (p *Plan) marked(env []string) []string {
	if p.mark == "" {
		return env
	}
	return append(slices.Clip(env), p.mark)
}

// takeMade takes what the user's command has made. A Go binary is copied, so
// that the next build may overwrite it while this one runs, and this one can be
// run again. Anything else may need what lies beside it.
func (l *loop) takeMade(o *outcome, r *source.Recipe) {
	file, err := source.Locate(l.plan.dir, r.Path)
	if err != nil {
		o.err = fmt.Errorf("the build succeeded, but %w", err)
		return
	}
	if _, err := buildinfo.ReadFile(file); err != nil || r.Kind == source.Script {
		o.inPlace = true
		return
	}
	o.err = build.Copy(l.store.Output(), file)
}

// adoptOwn takes the user's own binary, built by hand. It is copied: it may be
// overwritten at any time. It runs in a goroutine of its own.
func (l *loop) adoptOwn(ctx context.Context, r *source.Recipe) (o outcome) {
	file := r.File
	if _, err := os.Stat(file); errors.Is(err, os.ErrNotExist) {
		return outcome{unready: l.plan.relative([]string{file})[0] + " is gone: what runs goes on"}
	}
	if o.err = build.Copy(l.store.Output(), file); o.err != nil {
		return o
	}
	if _, err := buildinfo.ReadFile(l.store.Output()); err != nil {
		return outcome{unready: l.plan.relative([]string{file})[0] + " is no complete Go binary now: it is run when it is"}
	}
	o.hash, o.err = build.HashFile(l.store.Output())
	// From now on, its own tags and flags are those of the builds that follow.
	fresh, err := source.Find(ctx, l.plan.request)
	if err == nil && fresh.Kind == source.GoBinary && !r.Go.Same(fresh.Go) {
		o.recipe = fresh
		l.watch(fresh, fresh.Listing)
	}
	return o
}

// failure returns the event that tells of a failed build.
func (l *loop) failure(o outcome) BuildFailed {
	f := BuildFailed{Took: o.took, Output: o.output}
	var exit *exec.ExitError
	if !errors.As(o.err, &exit) {
		// The command has not said it.
		f.Problems = []Problem{{Text: o.err.Error()}}
		f.Output = strings.TrimLeft(f.Output+"\n"+o.err.Error()+"\n", "\n")
		return f
	}
	places := build.Places{Ran: l.plan.dir, Dir: l.plan.dir, Strict: true}
	if l.recipe.Shell == "" {
		places = build.Places{Ran: l.recipe.Go.Dir, Dir: l.plan.dir}
	}
	if l.listing != nil {
		places.Packages = l.listing.Packages
	}
	for _, p := range places.Problems(o.output) {
		f.Problems = append(f.Problems, Problem(p))
	}
	return f
}

// programName returns the name of a kept binary, without an extension.
func (l *loop) programName() string {
	if l.recipe.Shell == "" {
		return l.recipe.Go.Name
	}
	return strings.TrimSuffix(filepath.Base(l.recipe.Path), ".exe")
}
