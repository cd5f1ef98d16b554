//go:build linux

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

const root = "../.."

// ranElsewhere are commands of the README and CONTRIBUTING that this test cannot
// run, being one of what they run; CI runs them.
var ranElsewhere = []string{"go test ./...", ".ci/run"}

// TestDocumentedCommands runs each command of the documents as a stranger
// would, in a folder with the files that they speak of.
func TestDocumentedCommands(t *testing.T) {
	bin := t.TempDir()
	runToEnd(t, absolute(t, root), []string{"GOBIN=" + bin}, "go", "install", ".")
	folder := strangersFolder(t)
	for _, document := range []string{"README.md", "CONTRIBUTING.md"} {
		for _, command := range commandsIn(t, document) {
			t.Run(command, func(t *testing.T) {
				argv := strings.Fields(command)
				env := []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "PORT=" + freePort(t)}
				switch {
				case slices.Contains(ranElsewhere, command):
					requireInCI(t, command)
				case command == "go install .": // done above
				case command == "go run . demo":
					runServer(t, absolute(t, root), env, argv)
				case slices.Contains(argv, "completion") || strings.HasPrefix(argv[1], "--") && len(argv) == 2:
					runToEnd(t, folder, env, filepath.Join(bin, argv[0]), argv[1:]...)
				default:
					argv[0] = filepath.Join(bin, argv[0])
					runServer(t, folder, env, argv)
				}
			})
		}
	}
}

// commandsIn returns the lines of the sh blocks of a document.
func commandsIn(t *testing.T, document string) (commands []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, document))
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```")
	for i := 1; i < len(blocks); i += 2 {
		if block, ok := strings.CutPrefix(blocks[i], "sh\n"); ok {
			commands = append(commands, strings.Split(strings.TrimSpace(block), "\n")...)
		}
	}
	if len(commands) == 0 {
		t.Fatalf("no commands in %s", document)
	}
	return commands
}

// strangersFolder has the programs that the README runs.
func strangersFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	read := func(name string) []byte {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	source := read("testdata/server/main.go")
	for name, text := range map[string][]byte{
		"myserver":           read(goServer),
		"app.js":             read("testdata/server.js"),
		"app.py":             []byte("import http.server, os\nhttp.server.ThreadingHTTPServer(('127.0.0.1', int(os.environ['PORT'])), http.server.SimpleHTTPRequestHandler).serve_forever()\n"),
		"go.mod":             []byte("module example.com/app\n"),
		"cmd/server/main.go": source,
		"build.sh":           []byte("#!/bin/sh\ngo build -o bin/server ./cmd/server\n"),
		"src/notes":          nil,
		"main.go":            source,
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}

// runToEnd runs a command that ends by itself, well, and with something to say
// unless it is go's.
func runToEnd(t *testing.T, dir string, env []string, name string, args ...string) {
	t.Helper()
	p := newPlain(t, env, append([]string{name}, args...)...)
	p.cmd.Dir = dir
	p.start()
	if code := p.wait(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr())
	}
	p.copied.Wait()
	if name != "go" && p.out.String() == "" {
		t.Error("it said nothing")
	}
}

// notice is what the demo says where its usual port is taken, and goes on.
var notice = regexp.MustCompile(`gcl-tui: port \d+ is taken, the demo listens on \d+\n`)

// runServer runs a cluster until a worker listens, and interrupts it as ctrl+c
// does: with a signal to the whole process group.
func runServer(t *testing.T, dir string, env, argv []string) {
	t.Helper()
	p := newPlain(t, env, argv...)
	p.cmd.Dir = dir
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.start()
	if slices.Contains(argv, "json") {
		p.awaitStdout(`"event":"worker_ready"`)
	} else {
		p.awaitStdout(" ready ")
	}
	if err := syscall.Kill(-p.cmd.Process.Pid, syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	// "go run" says 1 whenever it was interrupted; the program, by its silence,
	// that it was stopped as asked.
	code, said := p.wait(), notice.ReplaceAllString(p.stderr(), "")
	if code != 0 && argv[0] != "go" || strings.Contains(said, "gcl-tui:") {
		t.Errorf("exit code %d: %s", code, said)
	}
}

func requireInCI(t *testing.T, command string) {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(root, ".ci/run"))
	if err != nil {
		t.Fatal(err)
	}
	if command != ".ci/run" && !strings.Contains(string(script), "\nrun_tests "+command+"\n") {
		t.Errorf("%s is not in .ci/run", command)
	}
}
