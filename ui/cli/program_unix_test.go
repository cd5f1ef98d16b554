//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// put writes a file below the current directory.
func put(t *testing.T, name, text string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func TestCheckProgram(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "good", "#!/bin/sh\n", 0o755)
	put(t, "env", "#!/usr/bin/env -S sh -e\n", 0o755)
	put(t, "native", "\x7fELF\x00\x01", 0o755)
	put(t, "data", "x", 0o644)
	put(t, "app.py", "x", 0o644)
	put(t, "gone", "#!/no/such/interpreter -x\n", 0o755)
	put(t, "envgone", "#!/usr/bin/env no-such-interpreter\n", 0o755)
	put(t, "crlf", "#!/bin/sh\r\necho\r\n", 0o755)
	put(t, "bare", "#!  \n", 0o755)
	put(t, "text", "echo hello\n", 0o755)
	put(t, "empty", "", 0o755)
	put(t, "server/x", "", 0o644)
	for command, want := range map[string]string{
		"sh": "", "./good": "", "./env": "", "./native": "",
		"no-such-program": "no-such-program is not on PATH: check the name, or give its path",
		"./no/such":       "./no/such does not exist: check the path",
		"./data/x":        "./data/x does not exist: check the path",
		"./data":          "./data is not executable: chmod +x ./data",
		"./app.py":        "./app.py is not executable: chmod +x ./app.py, or gcl-tui python3 ./app.py",
		"app.py":          "app.py is not on PATH: write ./app.py for the file in this directory, or gcl-tui python3 app.py",
		"server":          "server is a directory: write ./server for the Go package in it",
		"./gone":          "./gone has the interpreter /no/such/interpreter in its #! line, which does not exist: correct the line or install it",
		"./envgone":       "./envgone needs no-such-interpreter by its #! line, which is not on PATH: install it",
		"./crlf":          `./crlf has Windows line ends, so its interpreter "/bin/sh\r" is not found: save it with LF`,
		"./bare":          "./bare has an empty #! line: name the interpreter there",
		"./text":          "./text is a text file without a #! line: give it one, or name its interpreter, as in gcl-tui sh ./text",
		"./empty":         "./empty is an empty file",
	} {
		got := ""
		if err := checkProgram(command); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", command, got, want)
		}
	}
}

func TestIsGoPackage(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "cmd/server/main.go", "package main", 0o644)
	put(t, "server", "", 0o755)
	for command, want := range map[string]bool{
		".": true, "..": true, "./cmd/server": true, "cmd/server": true, "./cmd/": true, "cmd/server/main.go": true,
		"cmd": false, "server": false, "./server": false, "nothing.go": false, "./nothing": false,
	} {
		if got := isGoPackage(command); got != want {
			t.Errorf("%s: %v", command, got)
		}
	}
}

func TestBuildPackage(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "go.mod", "module example.com/app\n", 0o644)
	put(t, "cmd/good/main.go", "package main\nfunc main() { println(\"hello\") }\n", 0o644)
	put(t, "lone.go", "//go:build ignore\n\npackage main\nfunc main() {}\n", 0o644)
	put(t, "inner/go.mod", "module example.com/inner\n", 0o644)
	put(t, "inner/main.go", "package main\nfunc main() {}\n", 0o644)
	put(t, "lib/lib.go", "package lib\n", 0o644)
	put(t, "bad/main.go", "package main\nfunc main() { undefinedThing() }\n", 0o644)
	put(t, "typo/main.go", "pakage main\n", 0o644)
	put(t, "tests/x_test.go", "package tests\n", 0o644)
	put(t, "nothing/here.txt", "", 0o644)
	for _, tt := range []struct{ pkg, binary, err, output string }{
		{pkg: "./cmd/good", binary: "good"},
		{pkg: "lone.go", binary: "lone"},
		{pkg: "./inner", binary: "inner"},
		{pkg: "./lib", err: "./lib is the Go package lib, not a main package: name one that is, or a program"},
		{pkg: "./bad", err: "build ./bad: go build failed, its output is above", output: "bad/main.go:2:15: undefined: undefinedThing"},
		{pkg: "./typo", err: "./typo: expected 'package', found pakage"},
		{pkg: "./tests", err: "./tests is the Go package tests, not a main package: name one that is, or a program"},
		{pkg: "./nothing", err: "./nothing is a directory without a Go main package: name a package that has one, or a program"},
	} {
		var output strings.Builder
		binary, release, err := buildPackage(t.Context(), tt.pkg, &output)
		if tt.err != "" {
			if err == nil || err.Error() != tt.err {
				t.Errorf("%s:\ngot  %v\nwant %s", tt.pkg, err, tt.err)
			}
		} else if err != nil {
			t.Errorf("%s: %v", tt.pkg, err)
		} else {
			if filepath.Base(binary) != tt.binary {
				t.Errorf("%s: built %s", tt.pkg, binary)
			}
			release()
			if _, err := os.Stat(filepath.Dir(binary)); !os.IsNotExist(err) {
				t.Errorf("%s: left behind: %v", tt.pkg, err)
			}
		}
		if !strings.Contains(output.String(), tt.output) {
			t.Errorf("%s: the compiler's %q is not in %q", tt.pkg, tt.output, output.String())
		}
	}
}

// TestSweepSparesRunning makes the directories of a run that goes on and of one
// that was killed.
func TestSweepSparesRunning(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	running, release, err := newBuildDir()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	killed := filepath.Join(filepath.Dir(running), "run-killed")
	put(t, filepath.Join(killed, lockName), "", 0o600)
	put(t, filepath.Join(killed, "server"), "binary", 0o700)
	_, release2, err := newBuildDir()
	if err != nil {
		t.Fatal(err)
	}
	defer release2()
	if _, err := os.Stat(running); err != nil {
		t.Errorf("a running one's directory is gone: %v", err)
	}
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Errorf("a killed one's directory is still there: %v", err)
	}
}
