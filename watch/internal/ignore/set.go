package ignore

import "strings"

// set is the bytes that a bracket expression stands for.
type set [4]uint64

func (s *set) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *set) has(c byte) bool { return s[c>>6]&(1<<(c&63)) != 0 }

func (s *set) addRange(from, to byte) {
	for c := int(from); c <= int(to); c++ {
		s.add(byte(c))
	}
}

func (s *set) negate() {
	for i := range s {
		s[i] = ^s[i]
	}
}

// readSet reads a bracket expression from behind its "[" on, and says how many
// bytes that took. It returns nil if there is no end to it, or a class that does
// not exist. As in git, a backslash makes the next character an ordinary one, and
// the first may be "]".
func readSet(glob string) (*set, int) {
	var s set
	i := 0
	negated := glob != "" && (glob[0] == '!' || glob[0] == '^')
	if negated {
		i++
	}
	var prev byte // may begin a range; 0 if it may not
	for first := true; ; first = false {
		if i >= len(glob) {
			return nil, 0
		}
		c := glob[i]
		switch {
		case c == ']' && !first:
			if negated {
				s.negate()
			}
			return &s, i + 1
		case c == '-' && prev != 0 && i+1 < len(glob) && glob[i+1] != ']':
			to, n := readChar(glob[i+1:])
			if n == 0 {
				return nil, 0
			}
			s.addRange(prev, to)
			prev, i = 0, i+1+n
			continue
		case c == '[' && strings.HasPrefix(glob[i+1:], ":"):
			end := strings.IndexByte(glob[i+2:], ']')
			if end < 0 {
				return nil, 0
			}
			// Not closed by ":]" it is no class, but two ordinary characters.
			if name, ok := strings.CutSuffix(glob[i+2:i+2+end], ":"); ok {
				if !s.addClass(name) {
					return nil, 0
				}
				prev, i = 0, i+2+end+1
				continue
			}
		}
		c, n := readChar(glob[i:])
		if n == 0 {
			return nil, 0
		}
		s.add(c)
		prev, i = c, i+n
	}
}

// readChar reads a character that may have a backslash before it, and says how
// many bytes that took: none if nothing follows.
func readChar(glob string) (byte, int) {
	switch {
	case glob == "" || glob == `\`:
		return 0, 0
	case glob[0] == '\\':
		return glob[1], 2
	}
	return glob[0], 1
}

// classes are the character classes of POSIX, in the C locale.
var classes = map[string]func(c byte) bool{
	"alnum":  func(c byte) bool { return isAlpha(c) || isDigit(c) },
	"alpha":  isAlpha,
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 127 },
	"digit":  isDigit,
	"graph":  func(c byte) bool { return c > ' ' && c < 127 },
	"lower":  func(c byte) bool { return 'a' <= c && c <= 'z' },
	"print":  func(c byte) bool { return c >= ' ' && c < 127 },
	"punct":  func(c byte) bool { return c > ' ' && c < 127 && !isAlpha(c) && !isDigit(c) },
	"space":  func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
	"upper":  func(c byte) bool { return 'A' <= c && c <= 'Z' },
	"xdigit": func(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' },
}

func isAlpha(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func (s *set) addClass(name string) bool {
	in, ok := classes[name]
	if ok {
		for c := range 256 {
			if in(byte(c)) {
				s.add(byte(c))
			}
		}
	}
	return ok
}
