package source

import (
	"path"
	"path/filepath"
	"strings"
)

// embed is what a package embeds (package embed).
type embed struct {
	dir      string
	patterns []string        // without "all:"
	files    map[string]bool // absolute
}

func newEmbed(p *goPackage) embed {
	e := embed{dir: p.Dir, files: map[string]bool{}}
	for _, pattern := range p.EmbedPatterns {
		e.patterns = append(e.patterns, strings.TrimPrefix(pattern, "all:"))
	}
	for _, file := range p.EmbedFiles {
		e.files[filepath.Join(p.Dir, filepath.FromSlash(file))] = true
	}
	return e
}

// match reports whether a file is embedded, or would be if it lay there.
func (e embed) match(file string) bool {
	if e.files[file] {
		return true
	}
	rel, ok := below(e.dir, file)
	if !ok || rel == "." {
		return false
	}
	rel = filepath.ToSlash(rel)
	for _, pattern := range e.patterns {
		if matchPrefix(pattern, rel) {
			return true
		}
	}
	return false
}

// matchPrefix reports whether a pattern matches name or a directory above it:
// what lies in a matched directory is embedded too.
func matchPrefix(pattern, name string) bool {
	depth := strings.Count(pattern, "/") + 1
	parts := strings.SplitN(name, "/", depth+1)
	if len(parts) < depth {
		return false
	}
	ok, err := path.Match(pattern, strings.Join(parts[:depth], "/"))
	return err == nil && ok
}

// addTo has watched what is embedded, and where more of it would appear.
func (e embed) addTo(s *Scope) {
	for _, pattern := range e.patterns {
		fixed, rest := splitPattern(pattern)
		dir := filepath.Join(e.dir, filepath.FromSlash(fixed))
		switch {
		case rest == "":
			// A file, or a directory with all below it. Of what does not exist
			// yet, the name decides.
			s.Dirs = append(s.Dirs, filepath.Dir(dir))
			if isDir(dir) || !exists(dir) && filepath.Ext(dir) == "" {
				s.Trees = append(s.Trees, dir)
			}
		case strings.Contains(rest, "/") || !strings.Contains(rest, "."):
			s.Trees = append(s.Trees, dir)
		default: // as *.html, which hardly ever names a directory
			s.Dirs = append(s.Dirs, dir)
		}
	}
}

// splitPattern splits a pattern into its leading elements without a wildcard,
// and the rest.
func splitPattern(pattern string) (fixed, rest string) {
	i := strings.IndexAny(pattern, `*?[\`)
	if i < 0 {
		return pattern, ""
	}
	i = strings.LastIndexByte(pattern[:i], '/') + 1
	return pattern[:i], pattern[i:]
}
