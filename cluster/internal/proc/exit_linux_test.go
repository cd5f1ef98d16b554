package proc

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestExitIsReported(t *testing.T) {
	s := newSpawner(t)
	for _, test := range []struct {
		role []string
		want string
	}{
		{[]string{"exit", "0"}, "exit 0"},
		{[]string{"exit", "3"}, "exit 3"},
		{[]string{"exit", "255"}, "exit 255"},
		{[]string{"die", "SIGKILL"}, "SIGKILL"},
		{[]string{"die", "SIGTERM"}, "SIGTERM"},
		{[]string{"die", "SIGHUP"}, "SIGHUP"},
	} {
		p, _ := start(t, s, os.Environ(), test.role...)
		await(t, test.want, p.Gone())
		exit := p.Exit()
		if exit.String() != test.want || exit.Time.IsZero() {
			t.Errorf("%v: %v at %v, want %s", test.role, exit, exit.Time, test.want)
		}
		if exit.Signal != "" && exit.Code != -1 {
			t.Errorf("%v: code %d beside a signal", test.role, exit.Code)
		}
	}
}

func TestSignalReachesTheProcess(t *testing.T) {
	s := newSpawner(t)
	p, lines := start(t, s, os.Environ(), "stay", "it")
	readMembers(t, lines, 1)
	if err := p.Signal("term"); err != nil {
		t.Fatal(err)
	}
	await(t, "exit", p.Gone())
	if got := p.Exit(); got.Code != exitOnTerm {
		t.Errorf("%v, want exit %d", got, exitOnTerm)
	}
	if err := p.Signal("TERM"); err != nil {
		t.Errorf("signal to one that is gone: %v", err)
	}
	if err := p.Signal("NOSUCH"); err == nil {
		t.Error("an unknown signal was sent")
	}
}

func TestProcessLeadsASessionAndHasOneMark(t *testing.T) {
	s := newSpawner(t)
	stale := MarkVar + "=stale.1"
	env := append([]string{stale, "A=1"}, append(os.Environ(), stale)...)
	p, lines := start(t, s, env, "stay", "it")
	readMembers(t, lines, 1)
	if sid, err := unix.Getsid(p.PID); err != nil || sid != p.PID {
		t.Errorf("session %d (%v), want %d", sid, err, p.PID)
	}
	raw, err := os.ReadFile("/proc/" + itoa(p.PID) + "/environ")
	if err != nil {
		t.Fatal(err)
	}
	entries := strings.Split(strings.TrimRight(string(raw), "\x00"), "\x00")
	marks := slices.DeleteFunc(slices.Clone(entries), func(kv string) bool {
		return !strings.HasPrefix(kv, MarkVar+"=")
	})
	if len(marks) != 1 || marks[0] != MarkVar+"="+s.mark+".1" {
		t.Errorf("marks %q", marks)
	}
	if !slices.Contains(entries, "A=1") {
		t.Error("the rest of the environment is missing")
	}
}

func TestStartErrors(t *testing.T) {
	s, err := NewSpawner(selfExe)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Start(Spec{Path: "/no/such/program", Args: []string{"x"}})
	if !errors.Is(err, unix.ENOENT) || !strings.Contains(err.Error(), "/no/such/program") {
		t.Errorf("missing program: %v", err)
	}
	_, err = s.Start(Spec{Path: selfExe, Args: []string{"x"}, Dir: "/no/such/dir"})
	if !errors.Is(err, unix.ENOENT) {
		t.Errorf("missing directory: %v", err)
	}
	s.Close()
	if _, err := s.Start(Spec{Path: selfExe, Args: []string{"x"}}); !errors.Is(err, os.ErrClosed) {
		t.Errorf("start after close: %v", err)
	}
	if _, err := NewSpawner("/no/such/keeper"); !errors.Is(err, unix.ENOENT) {
		t.Errorf("missing keeper: %v", err)
	}
}
