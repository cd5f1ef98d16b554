package files

import (
	"path/filepath"

	"gcl-tui/watch/internal/ignore"
)

// folder is a watched directory, by its real path.
type folder struct {
	path    string
	watched bool
	id      identity // of the directory that is watched
	views   []*view
	points  map[string][]string // by name, the paths that lead through it
}

func (f *folder) idle() bool { return len(f.views) == 0 && len(f.points) == 0 }

// view is a directory as the scope sees it: by the path through which it was
// reached, which may lead through symbolic links. Two views of a folder are two
// ways to it.
type view struct {
	path   string
	folder *folder
	outer  *view   // nil for a root that is in no tree
	linked bool    // the path's last name is a symbolic link
	trees  []*tree // those that see the files in it
	rules  *ignore.Rules
	files  map[string]file // what counts and is there, by name
	inner  map[string]*view
}

// deep returns the trees that go on in a directory below.
func (v *view) deep(path string, isDir bool) []*tree {
	if filepath.Base(path) == ".git" {
		return nil
	}
	var trees []*tree
	for _, t := range v.trees {
		if t.Recursive && !t.ignores(path, isDir, v.rules) {
			trees = append(trees, t)
		}
	}
	return trees
}

// counts reports whether a file in the view does by one of its trees.
func (v *view) counts(path string) bool {
	for _, t := range v.trees {
		if t.counts(path, v.rules) {
			return true
		}
	}
	return false
}

// inCircle reports whether a real directory holds the view or one on the way to
// it, so that following a link to it would never end.
func (v *view) inCircle(resolved string) bool {
	for ; v != nil; v = v.outer {
		if within(v.folder.path, resolved) {
			return true
		}
	}
	return false
}

// within reports whether path is dir or below it.
func within(path, dir string) bool {
	if len(path) <= len(dir) {
		return path == dir
	}
	return path[:len(dir)] == dir && (path[len(dir)] == filepath.Separator || dir[len(dir)-1] == filepath.Separator)
}
