package proc

import (
	"fmt"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"
)

func TestParseStat(t *testing.T) {
	for _, test := range []struct {
		line string
		want stat
		ok   bool
	}{
		{"12 (sh) S 1 12 11 34816 12 4194560", stat{12, 1, 12, 11, 'S'}, true},
		{"12 (a b) (c)) Z 3 4 5\n", stat{12, 3, 4, 5, 'Z'}, true},
		{"12 (x\n) R 1 2 3", stat{12, 1, 2, 3, 'R'}, true},
		{"12 () R 1 -1 0", stat{12, 1, -1, 0, 'R'}, true},
		{"", stat{}, false},
		{"12", stat{}, false},
		{"12 sh S 1 2 3", stat{}, false},
		{"12 )sh( S 1 2 3", stat{}, false},
		{"x (sh) S 1 2 3", stat{}, false},
		{"12 (sh) S 1 2", stat{}, false},
		{"12 (sh) S 1 two 3", stat{}, false},
		{"12 (sh)", stat{}, false},
	} {
		got, err := parseStat([]byte(test.line))
		if (err == nil) != test.ok || got != test.want {
			t.Errorf("%q: %+v, %v", test.line, got, err)
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
		line := fmt.Sprintf("%d (%s) S %d 8 9 0 -1", pid, name, parent)
		got, err := parseStat([]byte(line))
		if want := (stat{pid, parent, 8, 9, 'S'}); err != nil || got != want {
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
