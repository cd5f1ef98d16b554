package source

import (
	"path/filepath"
	"slices"
	"strings"
)

// sourceExtensions are those of files that the go command compiles or links
// (go help packages, go help c).
var sourceExtensions = map[string]bool{
	".go": true, ".c": true, ".cc": true, ".cpp": true, ".cxx": true, ".m": true,
	".h": true, ".hh": true, ".hpp": true, ".hxx": true,
	".f": true, ".F": true, ".for": true, ".f90": true,
	".s": true, ".S": true, ".sx": true, ".swig": true, ".swigcxx": true, ".syso": true,
}

// isSource reports whether a file's name is one that the go command reads when
// it builds. It passes over tests, and names that begin with a dot or "_".
func isSource(file string) bool {
	name := filepath.Base(file)
	if name[0] == '.' || name[0] == '_' || strings.HasSuffix(name, "_test.go") {
		return false
	}
	// A profile of this name in the main package is used unasked (go help build).
	return sourceExtensions[filepath.Ext(name)] || name == "default.pgo"
}

// Relevant reports whether a change of path may change the program. It is safe
// from any goroutine.
func (l *Listing) Relevant(path string) bool {
	if l.modules[path] || l.embedded(path) {
		return true
	}
	if _, ok := l.shapes[path]; ok {
		return true
	}
	dir := filepath.Dir(path)
	return (l.wholeDirs[dir] || l.awaited[dir]) && isSource(path)
}

func (l *Listing) embedded(path string) bool {
	return slices.ContainsFunc(l.embeds, func(e embed) bool { return e.match(path) })
}

// wasEmbedded reports whether path is a file that was embedded at the time.
func (l *Listing) wasEmbedded(path string) bool {
	return slices.ContainsFunc(l.embeds, func(e embed) bool { return e.files[path] })
}

// Rebuilds reports whether changes of paths may change the program.
func (l *Listing) Rebuilds(paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		return l.Relevant(path) && (!l.ignored[path] || l.reshaped(path))
	})
}

// Outdated reports whether changes of paths may change what is linked in, so
// that it has to be listed again.
func (l *Listing) Outdated(paths []string) bool {
	return slices.ContainsFunc(paths, func(path string) bool {
		switch {
		case l.modules[path]:
			return true
		case filepath.Ext(path) == ".go" && l.Relevant(path) && l.reshaped(path):
			return true
		}
		return l.embedded(path) && l.wasEmbedded(path) != exists(path)
	})
}

// reshaped reports whether a .go file came, went, or changed in what it asks to
// be linked in. One whose head is no Go at the moment has not yet changed.
func (l *Listing) reshaped(path string) bool {
	known, wasThere := l.shapes[path]
	if !wasThere || !exists(path) {
		return true
	}
	now, ok := readShape(path)
	return ok && now != known
}
