package metrics

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
)

// statLine is one line of /proc/PID/stat with a name of choice.
func statLine(name string) string {
	return "4121 (" + name + ") S 4100 4121 4100 34816 4121 4194304 2311 900 0 0 " +
		"1201 302 40 5 20 0 11 0 94388 1241366528 4520 18446744073709551615 " +
		"4194304 7000000 140725400250976 0 0 0 0 0 2143420159 0 0 0 17 63 0 0 0 0 0 " +
		"7100000 7200000 8000000 140725400259258 140725400259278 140725400259278 140725400260587 0\n"
}

func TestParseStat(t *testing.T) {
	want := stat{
		parent: 4100, group: 4121,
		user: 1201, system: 302, childUser: 40, childSystem: 5,
		threads: 11, started: 94388, rssPages: 4520, core: 63,
	}
	for _, name := range []string{
		"nginx", "", "my server", "a) S 1 2 3", "((x))", ") ) )", "(", "Web Content", "x\ny", "\xff\xfe",
	} {
		got, ok := parseStat([]byte(statLine(name)))
		if !ok || got != want {
			t.Errorf("name %q: got %+v, %v", name, got, ok)
		}
	}
}

func TestParseStatRefuses(t *testing.T) {
	whole := statLine("nginx")
	for _, tc := range []struct{ name, line string }{
		{"nothing", ""},
		{"no name", "4121 S 4100"},
		{"cut short", whole[:strings.Index(whole, " 63 ")]},
		{"word for a number", strings.Replace(whole, "1201", "12o1", 1)},
		{"negative", strings.Replace(whole, "1201", "-1", 1)},
		{"too large", strings.Replace(whole, "1201", "9999999999999999999", 1)},
	} {
		if got, ok := parseStat([]byte(tc.line)); ok {
			t.Errorf("%s: got %+v", tc.name, got)
		}
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add([]byte(statLine("nginx")))
	f.Add([]byte(statLine("a) S 1 2 3")))
	f.Add([]byte("1 (x) S"))
	f.Fuzz(func(t *testing.T, line []byte) {
		st, ok := parseStat(line)
		if !ok && st != (stat{}) {
			t.Errorf("refused, but with figures: %+v", st)
		}
		if st.parent < 0 || st.threads < 0 || st.rssPages < 0 || st.core < 0 {
			t.Errorf("a negative figure: %+v", st)
		}
	})
}

// direntries builds what getdents64 returns.
func direntries(names ...string) (out []byte) {
	for _, name := range names {
		length := (19 + len(name) + 1 + 7) &^ 7
		entry := make([]byte, length)
		binary.NativeEndian.PutUint16(entry[16:], uint16(length))
		copy(entry[19:], name)
		out = append(out, entry...)
	}
	return out
}

func TestAppendNumbers(t *testing.T) {
	names := []string{".", "..", "1", "self", "22", "acpi", "4194303", "007", "1x", "0", "-3", "99999999999999999999"}
	got := appendNumbers([]int{5}, direntries(names...))
	if want := []int{5, 1, 22, 4194303, 7}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func FuzzAppendNumbers(f *testing.F) {
	f.Add(direntries("1", "self", "4194303"))
	f.Add([]byte{19: 0})
	f.Fuzz(func(t *testing.T, entries []byte) {
		for _, n := range appendNumbers(nil, entries) {
			if n <= 0 {
				t.Errorf("%d is no process", n)
			}
		}
	})
}
