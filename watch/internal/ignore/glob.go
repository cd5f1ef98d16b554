package ignore

import "strings"

// kind is what a token of a pattern stands for.
type kind uint8

const (
	one   kind = iota // the byte
	any1              // one byte, no slash
	class             // one byte of a set, no slash
	star              // any number of bytes, no slash
	stars             // any number of bytes
	dirs              // any number of directories, each with its slash: "**/"
)

// token is a part of a pattern.
type token struct {
	kind kind
	char byte
	set  *set
}

// tokenize reads a pattern from its first special character on. It returns nil
// for one that matches nothing: with a bracket that is not closed, an unknown
// class, or a lone backslash at its end. paths says that slashes mean something;
// git takes "**" for more than "*" only then, and only between slashes. What is
// before the first special character does not count for that, so "a**/b" is "a"
// and then "**/b" to git.
func tokenize(glob string, paths bool) []token {
	var tokens []token
	for i := 0; i < len(glob); {
		switch c := glob[i]; c {
		case '*':
			t, n := readStars(glob, i, paths)
			tokens = append(tokens, t)
			i += n
		case '?':
			tokens = append(tokens, token{kind: any1})
			i++
		case '[':
			s, n := readSet(glob[i+1:])
			if s == nil {
				return nil
			}
			tokens = append(tokens, token{kind: class, set: s})
			i += 1 + n
		case '\\':
			if i++; i == len(glob) {
				return nil
			}
			tokens = append(tokens, token{kind: one, char: glob[i]})
			i++
		default:
			tokens = append(tokens, token{kind: one, char: c})
			i++
		}
	}
	return tokens
}

// readStars reads the stars at glob[at:], and says how many bytes that took.
func readStars(glob string, at int, paths bool) (token, int) {
	n := 0
	for at+n < len(glob) && glob[at+n] == '*' {
		n++
	}
	rest := glob[at+n:]
	alone := (at == 0 || glob[at-1] == '/') && (rest == "" || rest[0] == '/' || strings.HasPrefix(rest, `\/`))
	switch {
	case n == 1 || paths && !alone:
		return token{kind: star}, n
	case paths && strings.HasPrefix(rest, "/"):
		return token{kind: dirs}, n + 1
	}
	return token{kind: stars}, n
}

// match reports whether tokens stand for all of text. Only the last token that
// can stretch over slashes and the last one that cannot are ever tried again, so
// the time is bounded by a product of lengths, not by a power.
func match(tokens []token, text string) bool {
	t, i := 0, 0
	short, long := retry{-1, 0}, retry{-1, 0}
	for {
		if t < len(tokens) {
			switch k := tokens[t].kind; {
			case k == star:
				t++
				short = retry{t, i}
				continue
			case k == stars || k == dirs:
				t++
				long, short = retry{t, i}, retry{-1, 0}
				continue
			case i < len(text) && tokens[t].accepts(text[i]):
				t++
				i++
				continue
			}
		} else if i == len(text) {
			return true
		}
		switch {
		case short.t >= 0 && short.i < len(text) && text[short.i] != '/':
			short.i++
			t, i = short.t, short.i
		case long.t >= 0:
			if !long.stretch(tokens[long.t-1].kind, text) {
				return false
			}
			t, i, short = long.t, long.i, retry{-1, 0}
		default:
			return false
		}
	}
}

// retry is where to go on after a token that stretches: with the token behind
// it, at a place in the text.
type retry struct{ t, i int }

// stretch lets the token take more of the text, and reports false at the end of
// it.
func (r *retry) stretch(k kind, text string) bool {
	if r.i >= len(text) {
		return false
	}
	if k == stars {
		r.i++
		return true
	}
	n := strings.IndexByte(text[r.i:], '/')
	r.i += n + 1
	return n >= 0
}

// accepts reports whether a token that stands for one byte stands for c.
func (t token) accepts(c byte) bool {
	switch t.kind {
	case one:
		return t.char == c
	case any1:
		return c != '/'
	case class:
		return c != '/' && t.set.has(c)
	default:
		return false
	}
}
