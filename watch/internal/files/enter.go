package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"gcl-tui/watch/internal/ignore"
)

// enterRoot enters a directory that the scope names, or waits for it where it is
// missing. Later, live, what is found in it is a change.
func (o *owner) enterRoot(root string, live bool) {
	resolved, err := o.addTrail(root)
	if err == nil {
		err = mustBeDir(resolved)
	}
	if err != nil {
		if !vanished(err) && !live {
			o.problems = append(o.problems, fmt.Errorf("watch %s: %w", root, err))
		}
		return
	}
	if o.views[root] == nil {
		if err := o.enter(root, resolved, resolved != root, live); err != nil && !live {
			o.problems = append(o.problems, fmt.Errorf("watch %s: %s", root, reason(err)))
		}
	}
}

func mustBeDir(path string) error {
	fi, err := os.Stat(path)
	if err == nil && !fi.IsDir() {
		return errors.New("it is a file, not a directory")
	}
	return err
}

// enter makes a view of a directory that is of interest, watches it and takes in
// what is there. It is watched before it is read, so that nothing is missed.
func (o *owner) enter(path, resolved string, linked, live bool) error {
	outer := o.views[filepath.Dir(path)]
	if filepath.Dir(path) == path {
		outer = nil
	}
	v := &view{path: path, outer: outer, linked: linked, files: map[string]file{}, inner: map[string]*view{}}
	v.trees = append(v.trees, o.index.trees[path]...)
	if outer != nil {
		v.trees = append(v.trees, outer.deep(path, !linked)...)
	}
	if len(v.trees) == 0 && len(o.index.named[path]) == 0 {
		return nil
	}
	f, err := o.folderAt(resolved)
	if err != nil {
		if !vanished(err) {
			o.shun(resolved, err)
			return err
		}
		return nil
	}
	v.folder = f
	v.rules = o.rulesOf(v)
	f.views = append(f.views, v)
	o.views[path] = v
	if outer != nil {
		outer.inner[filepath.Base(path)] = v
	}
	if err := o.scan(v, live); err != nil && !vanished(err) {
		o.shun(resolved, err)
		return err
	}
	return nil
}

// rulesFile holds the rules of its directory, gitignore(5).
const rulesFile = ".gitignore"

// rulesOf returns the rules for what is in a view: nil if none of its trees goes
// by them.
func (o *owner) rulesOf(v *view) *ignore.Rules {
	if !v.ruled() {
		return nil
	}
	rules := rulesAbove(v)
	if text, err := os.ReadFile(filepath.Join(v.folder.path, rulesFile)); err == nil {
		rules = ignore.New(rules, v.path, ignore.Lines(text))
	}
	return rules
}

// ruled reports whether a tree of the view goes by the rules of git.
func (v *view) ruled() bool {
	for _, t := range v.trees {
		if t.Match == nil {
			return true
		}
	}
	return false
}

// rulesAbove returns the rules that come from outside of a view's directory.
func rulesAbove(v *view) *ignore.Rules {
	if v.outer != nil && v.outer.rules != nil {
		return v.outer.rules
	}
	rules := ignore.Usual()
	r, found := findRepo(v.path)
	if !found {
		return rules
	}
	for _, path := range []string{r.excludesFile(), filepath.Join(r.commonDir(), "info", "exclude")} {
		if text, err := os.ReadFile(path); err == nil {
			rules = ignore.New(rules, r.top, ignore.Lines(text))
		}
	}
	if v.path == r.top {
		return rules
	}
	for _, dir := range between(r.top, filepath.Dir(v.path)) {
		if text, err := os.ReadFile(filepath.Join(dir, rulesFile)); err == nil {
			rules = ignore.New(rules, dir, ignore.Lines(text))
		}
	}
	return rules
}

// between returns the directories from top down to dir, both included.
func between(top, dir string) []string {
	if dir == top || dir == filepath.Dir(dir) {
		return []string{top}
	}
	return append(between(top, filepath.Dir(dir)), dir)
}

// scan takes in what is in a view for the first time.
func (o *owner) scan(v *view, live bool) error {
	entries, err := o.list(v)
	for _, e := range entries {
		o.found(v, e, live)
	}
	return err
}

// list returns the entries of a view that may be of interest.
func (o *owner) list(v *view) ([]fs.DirEntry, error) {
	if len(v.trees) > 0 {
		return os.ReadDir(v.folder.path)
	}
	var entries []fs.DirEntry
	for _, name := range o.index.named[v.path] {
		if fi, err := os.Lstat(filepath.Join(v.folder.path, name)); err == nil {
			entries = append(entries, fs.FileInfoToDirEntry(fi))
		}
	}
	return entries, nil
}

// found takes in an entry of a view.
func (o *owner) found(v *view, e fs.DirEntry, live bool) {
	path := v.path + string(filepath.Separator) + e.Name()
	if len(v.path) > 0 && os.IsPathSeparator(v.path[len(v.path)-1]) {
		path = v.path + e.Name()
	}
	switch {
	case e.Type()&fs.ModeSymlink != 0:
		o.foundLink(v, path, live)
	case e.IsDir():
		// A root is entered on its own.
		if v.inner[e.Name()] == nil && !o.index.isRoot(path) && len(v.deep(path, true)) > 0 {
			_ = o.enter(path, filepath.Join(v.folder.path, e.Name()), false, live) // told of by shun
		}
	case e.Type().IsRegular() && o.wants(v, path):
		if fi, err := e.Info(); err == nil {
			o.record(v, path, fi, live)
		}
	}
}

// foundLink takes in a symbolic link: to a file that counts, or to a directory.
func (o *owner) foundLink(v *view, path string, live bool) {
	fi, err := os.Stat(path)
	switch {
	case err == nil && fi.IsDir():
		if o.index.isRoot(path) || len(v.deep(path, false)) == 0 {
			return
		}
		resolved, err := o.addTrail(path)
		if err != nil || o.views[path] != nil || v.inCircle(resolved) || o.seen(resolved) {
			return
		}
		_ = o.enter(path, resolved, true, live) // told of by shun
	case o.wants(v, path):
		_, _ = o.addTrail(path) // a target that is missing may appear
		if err == nil && fi.Mode().IsRegular() {
			o.record(v, path, fi, live)
		} else if _, known := v.files[filepath.Base(path)]; known {
			o.mark(path)
		}
	}
}

// seen reports whether a real directory is viewed already. A link to it is not
// followed then: many links to each other would make very many paths.
func (o *owner) seen(resolved string) bool {
	f := o.folders[resolved]
	return f != nil && len(f.views) > 0
}

// wants reports whether a file counts.
func (o *owner) wants(v *view, path string) bool {
	return o.index.isNamed(path) || v.counts(path)
}

// record takes in a file that counts. What was known of it before stays, if
// anything was; a file that looks different is marked.
func (o *owner) record(v *view, path string, fi fs.FileInfo, live bool) {
	name := filepath.Base(path)
	now := fileOf(fi, o.now)
	known, ok := v.files[name]
	if !ok {
		if known, ok = o.lost[path]; ok {
			delete(o.lost, path)
			v.files[name] = known
			o.count++
		}
	}
	switch {
	case ok:
		if !known.looks(now) || known.racy && known.hashed {
			o.mark(path)
		}
	case live:
		o.mark(path)
		return
	default:
		v.files[name] = now
		o.count++
	}
	if !known.hashed {
		o.hasher.queue = append(o.hasher.queue, ref{v, name})
	}
}

// mark notes that a file may have changed.
func (o *owner) mark(path string) {
	o.dirty[path] = struct{}{}
	o.burst.touch(o.now)
}
