package files

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
)

// Scope is what counts as a change: single files, and trees.
type Scope struct {
	// Files are absolute paths. A file counts although it is ignored, and need
	// not exist: that it appears is a change.
	Files []string
	// Trees may overlap each other and the files.
	Trees []Tree
}

// Tree is a directory whose files count.
type Tree struct {
	// Dir is an absolute path. It need not exist: what is in it once it appears
	// is a change.
	Dir string
	// Recursive says whether directories below count, too. Otherwise only the
	// files right in Dir do, as with the package of a Go program.
	Recursive bool
	// Match tells of an absolute path below Dir whether the file counts. With
	// nil every file does that is not ignored. It is called by the owner's
	// goroutine and must be quick.
	Match func(path string) bool
}

// clean returns a copy with clean paths, or says what is wrong with it.
func (s Scope) clean() (Scope, error) {
	c := Scope{Files: slices.Clone(s.Files), Trees: slices.Clone(s.Trees)}
	for i, path := range c.Files {
		if !filepath.IsAbs(path) {
			return Scope{}, fmt.Errorf("watch %q: the path is not absolute", path)
		}
		c.Files[i] = filepath.Clean(path)
	}
	for i, t := range c.Trees {
		if !filepath.IsAbs(t.Dir) {
			return Scope{}, fmt.Errorf("watch %q: the path is not absolute", t.Dir)
		}
		c.Trees[i].Dir = filepath.Clean(t.Dir)
	}
	if len(c.Files)+len(c.Trees) == 0 {
		return Scope{}, errors.New("watch: there is neither a file nor a directory to watch")
	}
	return c, nil
}
