package ignore

import (
	"path/filepath"
	"strings"
)

// Decision is what rules say of a path.
type Decision int

// The decisions.
const (
	Undecided Decision = iota // no rule matches
	Ignore
	Include // by a rule with "!"
)

// Rules are those of one ignore file, and of the files that it takes precedence
// over. They never change. Nil is no rules.
type Rules struct {
	outer    *Rules
	base     string // directory to which the patterns are relative, with a separator at its end; "" if none is
	patterns []pattern
}

// New returns the rules of lines, with precedence over outer, which may be nil.
// dir is the directory of the ignore file. Lines that are no pattern are left
// out.
func New(outer *Rules, dir string, lines []string) *Rules {
	r := &Rules{outer: outer, base: dir}
	if dir != "" && !strings.HasSuffix(dir, string(filepath.Separator)) {
		r.base = dir + string(filepath.Separator)
	}
	for _, line := range lines {
		if p, ok := compile(line); ok {
			r.patterns = append(r.patterns, p)
		}
	}
	if len(r.patterns) == 0 {
		return outer
	}
	return r
}

// Decide says what the rules make of a path, taken by itself: that a directory
// on the way to it is left out is for who walks there to find. isDir says that
// the path is a directory, not a link to one.
func (r *Rules) Decide(path string, isDir bool) Decision {
	for ; r != nil; r = r.outer {
		below, ok := strings.CutPrefix(path, r.base)
		if !ok {
			continue
		}
		below = filepath.ToSlash(below)
		name := below[strings.LastIndexByte(below, '/')+1:]
		for i := len(r.patterns) - 1; i >= 0; i-- {
			if p := &r.patterns[i]; p.matches(below, name, isDir) {
				if p.negated {
					return Include
				}
				return Ignore
			}
		}
	}
	return Undecided
}

// Lines splits the text of an ignore file.
func Lines(text []byte) []string {
	s := strings.TrimPrefix(string(text), "\ufeff")
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		// The last line is one without its end, too.
		lines[i] = strings.TrimSuffix(line, "\r")
	}
	return lines
}
