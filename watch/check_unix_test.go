//go:build unix

package watch

import (
	"os"
	"path/filepath"
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

func TestCheck(t *testing.T) {
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
		if err := Check(command); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", command, got, want)
		}
	}
}

func TestIsGoSource(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "cmd/server/main.go", "package main", 0o644)
	put(t, "server", "", 0o755)
	for command, want := range map[string]bool{
		".": true, "..": true, "./cmd/server": true, "cmd/server": true, "./cmd/": true, "cmd/server/main.go": true,
		"cmd": false, "server": false, "./server": false, "nothing.go": false, "./nothing": false,
	} {
		if got := IsGoSource(command); got != want {
			t.Errorf("%s: %v", command, got)
		}
	}
}
