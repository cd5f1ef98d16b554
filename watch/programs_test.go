package watch

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// goBuild builds a program by hand.
func (r *rig) goBuild(args ...string) {
	r.t.Helper()
	cmd := exec.Command("go", append([]string{"build"}, args...)...)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("go build: %v: %s", err, out)
	}
}

func (r *rig) read(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// TestBinary: the build that its build info tells of is repeated elsewhere.
func TestBinary(t *testing.T) {
	r := newRig(t, "go.mod", module,
		"cmd/server/main.go", "package main\n\nvar version, tag = \"none\", \"none\"\n\nfunc main() { println(\"one\", version, tag) }\n",
		"cmd/server/tagged.go", "//go:build special\n\npackage main\n\nfunc init() { tag = \"special\" }\n")
	r.goBuild("-tags", "special,other", "-ldflags", "-X main.version=v1 -s", "-o", "bin/myserver", "./cmd/server")
	own := r.read("bin/myserver")
	r.start(Options{}, "./bin/myserver", "arg")
	p, ok := r.find(Options{}, "./bin/myserver", "arg").Program()
	if want := (Program{Path: "./bin/myserver", Args: []string{"arg"}, InPlace: true}); !ok || cmp.Diff(want, p) != "" {
		t.Errorf("program %+v, %v", p, ok)
	}
	r.watching()
	r.put("cmd/server/main.go", strings.Replace(r.read("cmd/server/main.go"), `"one"`, `"two"`, 1))
	b := r.built("two v1 special")
	if slices.Index(r.seen, "Built") != len(r.seen)-1 {
		t.Errorf("built before a change: %v", r.seen)
	}
	if !slices.Equal(b.Program.Args, []string{"arg"}) || filepath.Base(b.Program.Path) != "myserver" {
		t.Errorf("program %+v", b.Program)
	}
	if r.read("bin/myserver") != own {
		t.Error("the user's binary was overwritten")
	}
}

// TestBinaryBuiltByHand is taken as it is, in a copy.
func TestBinaryBuiltByHand(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", "package main\n\nvar text = \"one\"\n\nfunc main() { println(text) }\n")
	r.goBuild("-o", "server", ".")
	r.start(Options{}, "./server")
	r.watching()
	r.goBuild("-ldflags=-X main.text=two", "-o", "server", ".")
	b := r.built("two")
	if b.Program.InPlace || b.Hash == "" {
		t.Errorf("%+v", b)
	}
	if diff := cmp.Diff([]string{"server"}, b.Cause); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	whole := r.read("server")
	r.put("server", whole[:len(whole)/2])
	if w := next[Warning](r); !strings.Contains(w.Text, "no complete Go binary") {
		t.Errorf("warning %q", w.Text)
	}
	r.goBuild("-ldflags=-X main.text=three", "-o", "server", ".")
	r.built("three")
	// The builds that follow are like that one.
	r.put("main.go", "package main\n\nvar text = \"\"\n\nfunc main() { println(text, 4) }\n")
	r.built("three 4")
}

// TestNobodyReads: the watcher goes on, and can be closed.
func TestNobodyReads(t *testing.T) {
	r := newRig(t, "app.sh", "#!/bin/sh\n")
	r.start(Options{}, "./app.sh")
	for range 4 * maxQueued {
		r.w.Build()
	}
	r.w.Pause()
	r.w.Resume()
	handled := make(chan struct{})
	r.w.post(func(*loop) { close(handled) })
	<-handled
	next[Resumed](r)
	// What its own goroutines report may come while the queue is read.
	if n := len(r.seen); n > 2*maxQueued {
		t.Errorf("%d events were kept", n)
	}
}

// TestBinaryOlderThanSource is built anew at the start.
func TestBinaryOlderThanSource(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.goBuild("-o", "server", ".")
	r.put("main.go", prints("two"))
	r.start(Options{}, "./server")
	if diff := cmp.Diff([]string{"main.go"}, r.built("two").Cause); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestGoRun(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go",
		"package main\n\nimport \"os\"\n\nvar tag string\n\nfunc main() { println(tag, os.Args[1], os.Args[2]) }\n",
		"tagged.go", "//go:build special\n\npackage main\n\nfunc init() { tag = \"special\" }\n")
	r.start(Options{}, "go", "run", "-tags", "special", ".", "-a", "b")
	r.built("special -a b")
}

func TestScript(t *testing.T) {
	r := newRig(t, "bin/app.sh", "#!/bin/sh\necho one\n", "lib/x.sh", "")
	r.start(Options{}, "./bin/app.sh", "arg")
	r.watching()
	for _, file := range []struct{ path, text, prints string }{
		{"lib/x.sh", "echo\n", "one"},
		{"bin/app.sh", "#!/bin/sh\necho two\n", "two"},
	} {
		r.put(file.path, file.text)
		if diff := cmp.Diff([]string{file.path}, next[Changed](r).Paths); diff != "" {
			t.Errorf("changed (-want +got):\n%s", diff)
		}
		want := Built{
			Program: Program{Path: "./bin/app.sh", Args: []string{"arg"}, InPlace: true},
			Cause:   []string{file.path},
		}
		if diff := cmp.Diff(want, r.built(file.prints)); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}
}

// TestScriptThatIsLeftOut: what another program builds is the source of this one,
// though the rules leave its directory out of the tree.
func TestScriptThatIsLeftOut(t *testing.T) {
	r := newRig(t, "dist/app.sh", "#!/bin/sh\n", "dist/lib/x.sh", "", "dist/lib/x.log", "", ".gitignore", "/dist/\n", "src/x.ts", "")
	r.start(Options{}, "./dist/app.sh")
	r.watching()
	r.put("dist/lib/x.log", "x") // is left out there, too
	for _, file := range []string{"src/x.ts", "dist/lib/x.sh", "dist/app.sh"} {
		r.put(file, "#!/bin/sh\necho\n")
		if diff := cmp.Diff([]string{file}, next[Changed](r).Paths); diff != "" {
			t.Errorf("changed (-want +got):\n%s", diff)
		}
	}
}

// TestReloadLoop: the program writes into what is watched, while it serves.
func TestReloadLoop(t *testing.T) {
	r := newRig(t, "app.sh", "#!/bin/sh\n")
	r.start(Options{}, "./app.sh")
	r.watching()
	r.stopClock()
	for i := range 20 {
		r.put("data.json", strings.Repeat("x", i+1))
		if p, ok := (<-r.w.Events()).(Paused); ok {
			if !strings.Contains(p.Why, "data.json changed") || !strings.Contains(p.Why, "--ignore") {
				t.Errorf("why: %q", p.Why)
			}
			return
		}
		next[Built](r)
		r.served.Store(time.Now().UnixNano())
	}
	t.Errorf("no loop noticed: %v", r.seen)
}

// TestSavedAgainAndAgain: code that changes when the code before it serves is
// somebody's work, however quick, but not what changes before it does.
func TestSavedAgainAndAgain(t *testing.T) {
	r := newRig(t, "app.py", "")
	r.start(Options{}, "python3", "app.py")
	r.watching()
	r.stopClock()
	for i := range 10 {
		r.put("app.py", strings.Repeat("#", i+1))
		next[Built](r)
		r.served.Store(time.Now().UnixNano())
	}
	if slices.Contains(r.seen, "Paused") {
		t.Fatalf("seen %v", r.seen)
	}
	r.served.Store(0)
	for i := range 4 {
		r.put("app.py", strings.Repeat("\n", i+1))
		next[Built](r)
	}
	r.put("app.py", "loop")
	if p := next[Paused](r); !strings.Contains(p.Why, "app.py changed") {
		t.Errorf("why: %q", p.Why)
	}
}
