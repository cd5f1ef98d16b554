package files

import (
	"maps"
	"path/filepath"
	"slices"

	"gcl-tui/watch/internal/ignore"
)

// tree is a Tree of the scope with the rules of Options.Ignore, based at it.
type tree struct {
	Tree
	over *ignore.Rules
}

// ignores reports whether a path in the tree is left out. The rules are those of
// its directory.
func (t *tree) ignores(path string, isDir bool, rules *ignore.Rules) bool {
	if d := t.over.Decide(path, isDir); d != ignore.Undecided {
		return d == ignore.Ignore
	}
	return t.Match == nil && rules.Decide(path, isDir) == ignore.Ignore
}

// counts reports whether a file right in a directory of the tree does.
func (t *tree) counts(path string, rules *ignore.Rules) bool {
	if temporary(path) || t.ignores(path, false, rules) {
		return false
	}
	if t.Match != nil {
		return t.Match(path)
	}
	return filepath.Base(path) != rulesFile
}

// index finds the parts of a scope by path.
type index struct {
	trees map[string][]*tree  // by directory
	named map[string][]string // names of single files, by directory
}

func newIndex(s Scope, ignored []string) *index {
	x := &index{map[string][]*tree{}, map[string][]string{}}
	for _, t := range s.Trees {
		over := ignore.New(nil, t.Dir, ignored)
		x.trees[t.Dir] = append(x.trees[t.Dir], &tree{t, over})
	}
	for _, path := range s.Files {
		dir, name := filepath.Split(path)
		dir = filepath.Clean(dir)
		if !slices.Contains(x.named[dir], name) {
			x.named[dir] = append(x.named[dir], name)
		}
	}
	return x
}

// roots returns the directories of trees and of single files, outer ones first.
func (x *index) roots() []string {
	all := map[string]struct{}{}
	for dir := range x.trees {
		all[dir] = struct{}{}
	}
	for dir := range x.named {
		all[dir] = struct{}{}
	}
	return slices.Sorted(maps.Keys(all))
}

func (x *index) isRoot(dir string) bool { return len(x.trees[dir]) > 0 || len(x.named[dir]) > 0 }

func (x *index) isNamed(path string) bool {
	return slices.Contains(x.named[filepath.Dir(path)], filepath.Base(path))
}

// covers reports whether a file that has been known, and is gone together with
// its directory, belongs to the scope.
func (x *index) covers(path string) bool {
	if x.isNamed(path) {
		return true
	}
	first := filepath.Dir(path)
	for dir := first; ; dir = filepath.Dir(dir) {
		for _, t := range x.trees[dir] {
			if (t.Recursive || dir == first) && (t.Match == nil || t.Match(path)) {
				return true
			}
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}
