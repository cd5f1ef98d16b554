package cli

import (
	"errors"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestHelpFitsScreen leaves a line for the command that was typed and one for
// the next prompt.
func TestHelpFitsScreen(t *testing.T) {
	all := strings.Split(strings.TrimSuffix(help, "\n"), "\n")
	if len(all) > 22 {
		t.Errorf("%d lines", len(all))
	}
	for _, line := range all {
		if ansi.StringWidth(line) >= 80 {
			t.Errorf("%d columns: %s", ansi.StringWidth(line), line)
		}
	}
	if n := strings.Count(help, "\n  gcl-tui ") - 3; n != 3 {
		t.Errorf("%d examples beside the three forms, want 3", n)
	}
}

// TestHelpHasEveryFlag keeps the help and the flags from drifting apart.
func TestHelpHasEveryFlag(t *testing.T) {
	root := rootCommand(nil)
	root.InitDefaultHelpFlag()
	root.InitDefaultVersionFlag()
	flags := root.Flags().FlagUsages()
	for word := range strings.FieldsSeq(flags) {
		if strings.HasPrefix(word, "--") && !strings.Contains(help, word) {
			t.Errorf("%s is not in the help", word)
		}
	}
	for word := range strings.FieldsFuncSeq(help, func(r rune) bool { return strings.ContainsRune(" ,;|\n[]()", r) }) {
		if name, ok := strings.CutPrefix(word, "--"); ok && name != "" && name != "seed" && root.Flags().Lookup(name) == nil {
			t.Errorf("%s is in the help and no flag", word)
		}
	}
}

func TestFlagsEndAtCommand(t *testing.T) {
	// --bogus after COMMAND is the program's: the error is about the program.
	for _, args := range [][]string{
		{"./nothing-here", "--bogus", "-n", "0"},
		{"--", "./nothing-here", "--version"},
		{"-n", "2", "./nothing-here", "demo"},
		{"-n", "2", "--", "./nothing-here"},
	} {
		err := rootCommand(append([]string{"--headless"}, args...)).Execute()
		if err == nil || !strings.HasPrefix(err.Error(), "./nothing-here does not exist") {
			t.Errorf("%q: %v", args, err)
		}
	}
}

func TestBadFlags(t *testing.T) {
	const seeHelp = "see gcl-tui --help"
	const ownFlags = seeHelp + "; flags of the program itself go after it"
	const count = "want a number from 1 to 1024, or max for one worker for each CPU"
	const port = "want a port from 1 to 65535, as in 8080 or 127.0.0.1:8080"
	const duration = "want a time above 0 with its unit, as in 500ms, 10s or 2m"
	for _, tt := range []struct{ args, want string }{
		{"--bogus", "there is no flag --bogus: " + ownFlags},
		{"-x", "there is no flag -x: " + ownFlags},
		{"-n", "--workers needs a value: " + seeHelp},
		{"-n 0", `--workers "0": ` + count},
		{"-n -4", `--workers "-4": ` + count},
		{"--workers=10000", `--workers "10000": ` + count},
		{"-n many", `--workers "many": ` + count},
		{"-p 0", `--port "0": ` + port},
		{"-p :65536", `--port ":65536": ` + port},
		{"-p http", `--port "http": ` + port},
		{"-p localhost:", `--port "localhost:": ` + port},
		{"-p ::1", `--port "::1": want PORT or HOST:PORT, an IPv6 HOST in [brackets]`},
		{"-b random", `--balance "random": want least, roundrobin or kernel`},
		{"-e A", `--env "A": want NAME=VALUE`},
		{"-e =1", `--env "=1": want NAME=VALUE`},
		{"--ready soon", `--ready "soon": want listen, notify, http:/PATH or delay:DURATION (as in delay:2s)`},
		{"--ready-timeout 10", `--ready-timeout "10": ` + duration},
		{"--stop-timeout -1s", `--stop-timeout "-1s": ` + duration},
		{"--hold 0s", `--hold "0s": ` + duration},
		{"--stop-signal STOPPED", `--stop-signal "STOPPED": want the name of a signal, as in TERM, INT or QUIT`},
		{"--adopt on", `--adopt "on": want auto or off`},
		{"--log xml", `--log "xml": want text or json`},
		{"--theme solar", `--theme "solar": want auto, dark, light`},
		{"--headless=perhaps", `--headless "perhaps": want true or false`},
		{"demo --seed -1", `--seed "-1": want a whole number from 0 up`},
		{"demo now", `demo takes no arguments: "now"; a program called demo is run with gcl-tui ./demo or gcl-tui -- demo`},
		{"demo --headless -p 1 -p 2", "demo listens on one port: give -p once"},
		{"completion tcl", "completion wants one shell: bash, zsh, fish or powershell"},
		{"", "no command: say what to run, as in gcl-tui ./myserver, or try gcl-tui demo"},
	} {
		err := rootCommand(strings.Fields(tt.args)).Execute()
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s:\ngot  %v\nwant %s", tt.args, err, tt.want)
		}
		if exitCode(err) != exitUsage {
			t.Errorf("%s: exit code %d", tt.args, exitCode(err))
		}
	}
}

func TestGoodValues(t *testing.T) {
	for _, v := range []string{"1", "65535", ":8080", "127.0.0.1:80", "[::1]:80", "localhost:80"} {
		if err := checkPort(v); err != nil {
			t.Errorf("port %s: %v", v, err)
		}
	}
	for _, v := range []string{"TERM", "SIGTERM", "int", "sigint", "KILL"} {
		if err := checkStopSignal(v); err != nil {
			t.Errorf("signal %s: %v", v, err)
		}
	}
	if n, err := parseWorkers("max"); n != 0 || err != nil {
		t.Errorf("max workers: %d, %v", n, err)
	}
}

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want int
	}{
		{nil, 0},
		{errors.New("it failed"), 1},
		{usagef("wrong"), 2},
		{errForced, 130},
	} {
		if got := exitCode(tt.err); got != tt.want {
			t.Errorf("%v: %d, want %d", tt.err, got, tt.want)
		}
	}
}

// TestReportEndsInReason: after a panic the last line still says what failed.
func TestReportEndsInReason(t *testing.T) {
	err := safely("the test", func() error {
		panic("a mistake")
	})
	var out strings.Builder
	report(&out, err)
	if !strings.Contains(out.String(), "command_test.go") {
		t.Errorf("no trace in %q", out.String())
	}
	if want := "gcl-tui: the test failed: a mistake\n"; !strings.HasSuffix(out.String(), want) {
		t.Errorf("got %q, want it to end in %q", out.String(), want)
	}
}
