package ignore

import "strings"

// pattern is a compiled line of an ignore file.
type pattern struct {
	negated bool
	dirOnly bool
	byName  bool   // matched against the last name only
	prefix  string // what comes before the first special character
	literal bool   // there is nothing but the prefix
	suffix  string // what the text ends in, for "*" with a literal behind it
	tokens  []token
}

// compile reads a line. It reports false for one that is blank, or a comment.
func compile(line string) (pattern, bool) {
	line, _, _ = strings.Cut(line, "\x00")
	if line == "" || line[0] == '#' {
		return pattern{}, false
	}
	line = trimSpaces(line)
	var p pattern
	if line, p.negated = strings.CutPrefix(line, "!"); line == "" {
		return pattern{}, false
	}
	line, p.dirOnly = strings.CutSuffix(line, "/")
	p.byName = !strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if line == "" {
		return pattern{}, false
	}
	n := strings.IndexAny(line, special)
	switch {
	case n < 0:
		p.prefix, p.literal = line, true
		return p, true
	case n == 0 && line[0] == '*' && p.byName && !strings.ContainsAny(line[1:], special):
		p.suffix = line[1:]
		return p, true
	}
	p.prefix, p.tokens = line[:n], tokenize(line[n:], !p.byName)
	return p, p.tokens != nil
}

// special are the characters that do not stand for themselves.
const special = `*?[\`

// trimSpaces removes the spaces at the end of a line, up to one that a backslash
// stands before. A backslash at the very end keeps them all.
func trimSpaces(line string) string {
	end := 0 // behind the last character that stays
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			if i++; i == len(line) {
				return line
			}
		}
		end = i + 1
	}
	return line[:end]
}

// matches reports whether the pattern is for a path below its base, whose last
// name is name.
func (p *pattern) matches(below, name string, isDir bool) bool {
	if p.dirOnly && !isDir {
		return false
	}
	text := below
	if p.byName {
		text = name
	}
	if p.literal {
		return text == p.prefix
	}
	if p.tokens == nil {
		return strings.HasSuffix(text, p.suffix)
	}
	rest, ok := strings.CutPrefix(text, p.prefix)
	return ok && match(p.tokens, rest)
}
