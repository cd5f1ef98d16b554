package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"gcl-tui/cluster"
	"gcl-tui/watch"
)

// errUnwatched is what the keys of watching say where there is nothing to watch.
var errUnwatched = errors.New("nothing is watched or built here")

// source is where the program comes from: what watches it, and the cluster that
// is told of it.
type source struct {
	watcher *watch.Watcher
	cluster *cluster.Cluster
	latest  cluster.Program // what the watcher made last
}

// needsBuild reports whether there is nothing to run before a build.
func needsBuild(argv []string, build string) bool {
	goRun := len(argv) > 1 && argv[1] == "run" && strings.TrimSuffix(filepath.Base(argv[0]), ".exe") == "go"
	return build != "" || goRun || watch.IsGoSource(argv[0])
}

// follow passes on what the watcher says, in a goroutine of its own, until the
// watcher has ended.
func (s *source) follow() {
	for e := range s.watcher.Events() {
		s.tell(e)
	}
}

func (s *source) tell(e watch.Event) {
	c := s.cluster
	switch e := e.(type) {
	case watch.Status:
		c.Watching(e.What, e.Waiting)
	case watch.Changed:
		c.Tell(cluster.WatchChanged{Paths: e.Paths})
	case watch.Paused:
		c.Tell(cluster.WatchPaused{})
		if e.Why != "" {
			c.Tell(cluster.Warning{Text: e.Why})
		}
	case watch.Resumed:
		c.Tell(cluster.WatchResumed{})
	case watch.Warning:
		c.Tell(cluster.Warning{Text: e.Text})
	case watch.BuildStarted:
		c.Tell(cluster.BuildStarted{Cmd: e.Cmd})
	case watch.BuildFailed:
		c.Tell(cluster.BuildFailed{TookMS: e.Took.Milliseconds(), Errors: buildErrors(e)})
	case watch.Built:
		s.latest = cluster.Program{
			Path: e.Program.Path, Argv: append([]string{e.Program.Path}, e.Program.Args...),
			BuildTime: e.Took, InPlace: e.Program.InPlace,
		}
		s.rollOut(causeOf(e.Cause))
	case watch.Unchanged:
		s.latest.BuildTime, s.latest.Retry = e.Took, len(e.Cause) == 0
		s.rollOut(causeOf(e.Cause))
	}
}

// byUser names who asked for what no change of a file has caused.
const byUser = "you"

// causeOf says in a few words which files a reload comes from.
func causeOf(paths []string) string {
	const shown = 2
	switch n := len(paths); {
	case n == 0:
		return byUser
	case n > shown:
		return strings.Join(paths[:shown], ", ") + ", …"
	}
	return strings.Join(paths, ", ")
}

// rollOut has the cluster run what was made last, and has it stay as long as it
// may be started again.
func (s *source) rollOut(cause string) {
	err := s.cluster.RollOut(s.latest, cause)
	if err != nil && !errors.Is(err, cluster.ErrStopped) {
		s.cluster.Tell(cluster.Warning{Text: "no reload: " + err.Error()})
	}
	s.watcher.Keep(s.cluster.Programs()...)
}

// buildErrors returns what a failed build says: the places in the source, or
// else its output as it is.
func buildErrors(e watch.BuildFailed) []cluster.BuildError {
	var errs []cluster.BuildError
	for _, p := range e.Problems {
		errs = append(errs, cluster.BuildError{File: p.File, Line: p.Line, Column: p.Column, Text: p.Text})
	}
	if len(errs) > 0 {
		return errs
	}
	for line := range strings.Lines(e.Output) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			errs = append(errs, cluster.BuildError{Text: line})
		}
	}
	if len(errs) == 0 {
		errs = append(errs, cluster.BuildError{Text: "the build command failed and said nothing"})
	}
	return errs
}

// find finds out what to watch for argv. It may ask the Go toolchain.
func (s *settings) find(ctx context.Context, argv []string) (*watch.Plan, error) {
	cmd := watch.Command{Path: argv[0], Args: argv[1:], Env: append(os.Environ(), s.typedEnv...)}
	plan, err := watch.Find(ctx, cmd, s.watching)
	if err != nil && ctx.Err() != nil {
		return nil, errInterrupted
	}
	return plan, err
}
