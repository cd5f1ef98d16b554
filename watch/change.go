package watch

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"gcl-tui/watch/internal/files"
	"gcl-tui/watch/internal/source"
)

// changed acts on changed files, or keeps them for later while paused.
func (l *loop) changed(c files.Change) {
	defer l.settled()
	paths := l.counting(c.Paths)
	if len(paths) == 0 {
		return
	}
	if l.paused {
		l.wait(paths)
		return
	}
	if file, loops := l.loops.Seen(l.suspects(c.Began, paths), l.now()); loops {
		name := l.plan.relative([]string{file})[0]
		l.pause(fmt.Sprintf("%s changed after each of 5 reloads within 10 s, so the program or its build seems to write it: leave it out with --ignore %q", name, name))
		l.wait(paths)
		return
	}
	l.act(paths, c.Hint)
}

// code is how the names of files end that people write, and programs only when
// they start, if ever.
var code = []string{".go", ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".py", ".rb", ".php"}

// suspects returns those of paths that the program or its build may have written. Whoever
// saves code again and again may have waited each time for what is new to
// serve, so code that changes after that is taken for theirs.
func (l *loop) suspects(began time.Time, paths []string) []string {
	if l.whileBuilding(began) {
		return paths
	}
	if l.ended.After(l.handed) {
		return nil // nothing new was run
	}
	since := l.serving()
	if since.Before(l.handed) || began.Before(since) {
		return paths
	}
	return slices.DeleteFunc(slices.Clone(paths), func(path string) bool {
		return slices.Contains(code, filepath.Ext(path))
	})
}

// whileBuilding reports whether the user's build command may have made a change:
// also one of code, which it may generate, and also if nothing new came of it.
func (l *loop) whileBuilding(began time.Time) bool {
	return l.recipe.Shell != "" && !began.Before(l.began) &&
		(l.job != nil || began.Before(l.ended))
}

// counting returns those of paths that the program depends on.
func (l *loop) counting(paths []string) (some []string) {
	r := l.recipe
	for _, path := range paths {
		switch {
		case slices.Contains(r.Scope.Except, path), l.plan.ignores(path):
		case slices.Contains(r.Scope.Files, path), l.listing == nil, l.listing.Relevant(path):
			some = append(some, path)
		}
	}
	return some
}

// act starts what changed files call for, which may have been built ahead for a
// hint.
func (l *loop) act(paths []string, hint uint64) {
	t := todo{cause: paths}
	for _, path := range paths {
		if l.isOwnBinary(path) {
			t.binary = true
		} else if l.listing == nil {
			t.source = true
		}
	}
	if l.listing != nil {
		l.stale = union(l.stale, paths)
		t.source = l.listing.Rebuilds(paths)
	}
	if !t.source && !t.binary {
		return // as a file that its build constraint leaves out
	}
	l.send(Changed{l.plan.relative(paths)})
	if !l.takeOver(t, hint) {
		l.do(t)
	}
}

// union returns all of two lists, sorted, each once.
func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// isOwnBinary reports whether a path is that of the user's Go binary, which
// was then built by hand.
func (l *loop) isOwnBinary(path string) bool {
	r := l.recipe
	return r.Kind == source.GoBinary && r.Shell == "" && slices.Contains(r.Scope.Files, path)
}

func (l *loop) pause(why string) {
	if !l.paused {
		l.paused = true
		l.settled()
		l.send(Paused{why})
	}
}

func (l *loop) resume() {
	if !l.paused {
		return
	}
	l.paused = false
	l.send(Resumed{})
	if paths := l.waited(); len(paths) > 0 {
		l.act(paths, 0)
	}
}

// wait keeps changed files for later.
func (l *loop) wait(paths []string) {
	l.pending = union(l.pending, paths)
	l.updateStatus()
}

// waited returns what was kept, once.
func (l *loop) waited() []string {
	paths := l.pending
	l.pending = nil
	l.updateStatus()
	return paths
}

// buildNow builds although nothing may have changed.
func (l *loop) buildNow() {
	paths := l.waited()
	if l.listing != nil {
		l.stale = union(l.stale, paths)
	}
	l.do(todo{source: true, cause: paths})
}
