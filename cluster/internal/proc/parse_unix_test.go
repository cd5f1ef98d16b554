//go:build unix

package proc

import (
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestReadPIDs(t *testing.T) {
	for _, test := range []struct {
		in   string
		want []int
	}{
		{"", nil},
		{"+10\n+11\n-10\n", []int{11}},
		{"+10\n+11\n-10\n+10\n", []int{10, 11}},
		{"+10\n+12", []int{10, 12}},
		{"-10\n", nil},
		{"+0\n+1\n+-5\nx\n\n+\n10x\n", nil}, // never the group 0, 1 or all
	} {
		got := slices.Sorted(maps.Keys(readPIDs(strings.NewReader(test.in))))
		if !slices.Equal(got, test.want) {
			t.Errorf("%q: %v, want %v", test.in, got, test.want)
		}
	}
}

func TestParseSignal(t *testing.T) {
	for name, want := range map[string]syscall.Signal{
		"TERM": syscall.SIGTERM, "SIGTERM": syscall.SIGTERM, "term": syscall.SIGTERM,
		"sigint": syscall.SIGINT, "Quit": syscall.SIGQUIT, "USR2": syscall.SIGUSR2,
		"": 0, "SIG": 0, "15": 0, "TERMINATE": 0, "SIGSIGTERM": 0,
	} {
		got, err := ParseSignal(name)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
}

func TestMarkIsReplaced(t *testing.T) {
	in := []string{MarkVar + "=x.1", "A=1", MarkVar + "S=keep", MarkVar + "=y.2"}
	got := withoutMark(in)
	if want := []string{"A=1", MarkVar + "S=keep"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if in[0] != MarkVar+"=x.1" {
		t.Error("the caller's slice was changed")
	}
}

func TestExitString(t *testing.T) {
	for want, exit := range map[string]Exit{
		"exit 0": {}, "exit 2": {Code: 2}, "SIGSEGV": {Code: -1, Signal: "SIGSEGV"},
	} {
		if got := exit.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
