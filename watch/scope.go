package watch

import (
	"path/filepath"
	"slices"
	"strings"

	"gcl-tui/watch/internal/files"
	"gcl-tui/watch/internal/source"
)

// scopeOf returns what to watch for a recipe and its newest listing. some is
// false if that is nothing.
func scopeOf(r *source.Recipe, listing *source.Listing) (scope files.Scope, some bool) {
	add := func(s source.Scope) {
		scope.Files = append(scope.Files, s.Files...)
		for _, dir := range s.Trees {
			scope.Trees = append(scope.Trees, files.Tree{Dir: dir, Recursive: true, Match: s.Match})
		}
		for _, dir := range s.Dirs {
			scope.Trees = append(scope.Trees, files.Tree{Dir: dir, Match: s.Match})
		}
	}
	add(r.Scope)
	if listing != nil {
		add(listing.Scope())
	}
	return scope, len(scope.Files)+len(scope.Trees) > 0
}

// relative returns paths as they are shown: relative to the working directory
// where they lie below it, sorted, each once.
func (p *Plan) relative(paths []string) []string {
	shown := make([]string, 0, len(paths))
	for _, path := range paths {
		rel, err := filepath.Rel(p.dir, path)
		if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			rel = path
		}
		shown = append(shown, rel)
	}
	slices.Sort(shown)
	return slices.Compact(shown)
}
