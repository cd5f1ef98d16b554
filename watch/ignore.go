package watch

import (
	"path/filepath"

	"gcl-tui/watch/internal/ignore"
)

// ignores reports whether Options.Ignore leaves a path out, as seen from the
// working directory. The watching itself asks only of trees, relative to each;
// this is for what is named one by one, as an embedded file.
func (p *Plan) ignores(path string) bool {
	rules := ignore.New(nil, p.dir, p.opts.Ignore)
	for isDir := false; ; isDir = true {
		switch rules.Decide(path, isDir) {
		case ignore.Ignore:
			return true
		case ignore.Include:
			return false
		case ignore.Undecided:
		}
		parent := filepath.Dir(path)
		if parent == path || path == p.dir {
			return false
		}
		path = parent
	}
}
