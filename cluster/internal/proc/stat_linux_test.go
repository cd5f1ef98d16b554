package proc

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

func TestParseStat(t *testing.T) {
	const rest = " 34816 12 4194560 1 2 3 4 5 6 7 8 20 0 "
	for _, test := range []struct {
		line string
		want stat
		ok   bool
	}{
		{"12 (sh) S 1 12 11" + rest + "3 0 99", stat{12, 1, 12, 11, 3, 'S'}, true},
		{"12 (a b) (c)) Z 3 4 5" + rest + "1\n", stat{12, 3, 4, 5, 1, 'Z'}, true},
		{"12 (x\n) R 1 2 3" + rest + "1", stat{12, 1, 2, 3, 1, 'R'}, true},
		{"12 () R 1 -1 0" + rest + "1", stat{12, 1, -1, 0, 1, 'R'}, true},
		{"", stat{}, false},
		{"12", stat{}, false},
		{"12 sh S 1 2 3" + rest + "1", stat{}, false},
		{"12 )sh( S 1 2 3" + rest + "1", stat{}, false},
		{"x (sh) S 1 2 3" + rest + "1", stat{}, false},
		{"12 (sh) S 1 2 3" + rest, stat{}, false},
		{"12 (sh) S 1 two 3" + rest + "1", stat{}, false},
		{"12 (sh)", stat{}, false},
	} {
		got, err := parseStat([]byte(test.line))
		if (err == nil) != test.ok || err == nil && got != test.want {
			t.Errorf("%q: %+v, %v", test.line, got, err)
		}
	}
}

func TestDead(t *testing.T) {
	for _, test := range []struct {
		s    stat
		want bool
	}{
		{stat{state: 'Z', threads: 1}, true},
		{stat{state: 'Z', threads: 2}, false}, // only the first thread has ended
		{stat{state: 'X'}, true},
		{stat{state: 'S', threads: 1}, false},
	} {
		if got := test.s.dead(); got != test.want {
			t.Errorf("%+v: %v", test.s, got)
		}
	}
}

func TestProcessesHoldsThisOne(t *testing.T) {
	session, err := unix.Getsid(0)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(processes(), func(p stat) bool { return p.pid == os.Getpid() })
	if i < 0 {
		t.Fatal("this process is not there")
	}
	if p := processes()[i]; p.parent != os.Getppid() || p.group != unix.Getpgrp() || p.session != session {
		t.Errorf("%+v", p)
	}
}

// FuzzParseStat reads lines with any command's name in them, and any line.
func FuzzParseStat(f *testing.F) {
	f.Add("sh", 12, 1)
	f.Add(") S 1 1 1 (", 1, 0)
	f.Add("\x00\xff(", -1, 5)
	f.Fuzz(func(t *testing.T, name string, pid, parent int) {
		line := fmt.Sprintf("%d (%s) S %d 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 4", pid, name, parent)
		got, err := parseStat([]byte(line))
		if want := (stat{pid, parent, 8, 9, 4, 'S'}); err != nil || got != want {
			t.Errorf("%q: %+v, %v", line, got, err)
		}
		_, _ = parseStat([]byte(name)) // must not panic
	})
}

func TestHasMark(t *testing.T) {
	env := []byte("A=1\x00GCL_MARK=abc.12\x00B=GCL_MARK=abc.9\x00")
	for mark, want := range map[string]bool{
		"GCL_MARK=abc.12": true,
		"GCL_MARK=abc.1":  false,
		"GCL_MARK=abc.9":  false,
		"GCL_MARK=abc.":   true,
		"GCL_MARK=ab.":    false,
		"GCL_MARK=abc":    false,
	} {
		if got := hasMark(env, mark); got != want {
			t.Errorf("%s: %v", mark, got)
		}
	}
	if hasMark(nil, "GCL_MARK=abc.") {
		t.Error("an empty environment has the mark")
	}
}
