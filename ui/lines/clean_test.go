package lines

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAppendClean(t *testing.T) {
	for _, tt := range []struct{ name, in, plain, color string }{
		{"text", "hello\tworld", "hello\tworld", "hello\tworld"},
		{"unicode", "héllo 世界 👩‍👩‍👧 e\u0301", "héllo 世界 👩‍👩‍👧 e\u0301", "héllo 世界 👩‍👩‍👧 e\u0301"},
		{"colour", "\x1b[31;1mred\x1b[0m", "red", "\x1b[31;1mred\x1b[0m\x1b[0m"},
		{"colour left on", "\x1b[38:2::1:2:3mx", "x", "\x1b[38:2::1:2:3mx\x1b[0m"},
		{"many parameters", "\x1b[" + strings.Repeat("1;", 99) + "1mx", "x", "\x1b[" + strings.Repeat("1;", 99) + "1mx\x1b[0m"},
		{"not a colour", "\x1b[>4;2mx\x1b[?4mx", "xx", "xx"},
		{"cursor", "a\x1b[2Ab\x1b[10;10Hc", "abc", "abc"},
		{"clear", "\x1b[2J\x1b[Hx", "x", "x"},
		{"alternate screen", "\x1b[?1049hx\x1b[?1049l", "x", "x"},
		{"title", "\x1b]0;own\x07x\x1b]0;own\x1b\\y", "xy", "xy"},
		{"unfinished title", "x\x1b]0;own", "x", "x"},
		{"string", "\x1bPq#0;2;0~\x1b\\x", "x", "x"},
		{"reset", "\x1bcx", "x", "x"},
		{"carriage return", "10%\r20%", "10%20%", "10%20%"},
		{"backspace, bell", "ab\b\a\x7fc", "abc", "abc"},
		{"C1 as UTF-8", "a\u009b2Jb", "a2Jb", "a2Jb"},
		{"C1 as bytes", "a\x9b2Jb", "a\uFFFD2Jb", "a\uFFFD2Jb"},
		{"binary", "\x00\x01\xff\xfe", "\uFFFD", "\uFFFD"},
		{"cut", "x\x1b[", "x", "x"},
	} {
		if got := string(appendClean(nil, tt.in, false)); got != tt.plain {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.plain)
		}
		if got := string(appendClean(nil, tt.in, true)); got != tt.color {
			t.Errorf("%s, colours kept: got %q, want %q", tt.name, got, tt.color)
		}
	}
}

// FuzzAppendClean checks that whatever a worker writes, what comes out is text:
// without colours no control character at all, with them no more than SGR.
func FuzzAppendClean(f *testing.F) {
	for _, seed := range []string{"plain", "\x1b[31mred\x1b[m", "\x1b]8;;x\x07", "\x9b1m", "\x1b[1;2;3", "e\u0301\u200d", "\x1b\x1b[m[2J"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		plain := string(appendClean(nil, line, false))
		if hasControl(strings.ReplaceAll(plain, "\t", "")) || !utf8.ValidString(plain) {
			t.Errorf("%q: control characters left in %q", line, plain)
		}
		for i, part := range strings.Split(string(appendClean(nil, line, true)), "\x1b") {
			if i == 0 {
				continue
			}
			if code, _, ok := strings.Cut(part, "m"); !ok || !isSGR("\x1b"+code+"m") {
				t.Errorf("%q: \\x1b%q is left", line, part)
			}
		}
	})
}
