package watch

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPackageIsBuiltOnChange(t *testing.T) {
	r := newRig(t, "go.mod", module, "cmd/server/main.go", prints("one"))
	r.start(Options{}, "./cmd/server", "-x")
	first := r.built("one")
	if len(first.Cause) > 0 || first.Hash == "" || first.Took == 0 {
		t.Errorf("first: %+v", first)
	}
	if !slices.Equal(first.Program.Args, []string{"-x"}) || first.Program.InPlace {
		t.Errorf("program %+v", first.Program)
	}
	r.watching()
	r.put("cmd/server/main.go", prints("two"))
	changed := next[Changed](r)
	if diff := cmp.Diff([]string{"cmd/server/main.go"}, changed.Paths); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
	second := r.built("two")
	if diff := cmp.Diff(changed.Paths, second.Cause); diff != "" {
		t.Errorf("cause (-want +got):\n%s", diff)
	}
	if second.Hash == first.Hash {
		t.Error("the same hash")
	}
}

// TestBuildError: the place of the error, then the way back: what was running
// is built again, so nothing is to be run anew.
func TestBuildError(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"), "lib/lib.go", "package lib\n")
	r.start(Options{}, ".")
	r.built("one")
	r.watching()
	r.put("main.go", "package main\n\nfunc main() {\n\tmissing()\n}\n")
	failed := next[BuildFailed](r)
	want := []Problem{{File: "main.go", Line: 4, Column: 2, Text: "undefined: missing"}}
	if diff := cmp.Diff(want, failed.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if !strings.Contains(failed.Output, "./main.go:4:2: undefined: missing") || failed.Took == 0 {
		t.Errorf("failed: %+v", failed)
	}
	r.put("main.go", prints("one"))
	next[Unchanged](r)
	r.put("main.go", prints("two"))
	r.built("two")
}

// TestIdenticalBuild: a comment below the code changes nothing.
func TestIdenticalBuild(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.start(Options{}, "main.go")
	r.built("one")
	r.watching()
	r.put("main.go", prints("one")+"\n// a comment\n")
	next[Unchanged](r)
}

// TestOnlyWhatIsLinkedIn: tests, other packages and other files build nothing;
// a replaced module and a module file do.
func TestOnlyWhatIsLinkedIn(t *testing.T) {
	r := newRig(t,
		"go.mod", module+"require example.com/lib v0.0.0\nreplace example.com/lib => ../lib\n",
		"main.go", "package main\n\nimport \"example.com/lib\"\n\nfunc main() { println(lib.Text) }\n",
		"../lib/go.mod", "module example.com/lib\n\ngo 1.26\n",
		"../lib/lib.go", "package lib\n\nconst Text = \"one\"\n",
		"other/other.go", "package other\n")
	r.start(Options{}, ".")
	r.built("one")
	r.watching()
	r.put("main_test.go", "package main\n")
	r.put("other/other.go", "package other\n\nvar X int\n")
	r.put("notes.txt", "x")
	r.put("../lib/lib.go", "package lib\n\nconst Text = \"two\"\n")
	lib := filepath.Join(filepath.Dir(r.dir), "lib/lib.go")
	if diff := cmp.Diff([]string{lib}, next[Changed](r).Paths); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	r.built("two")
	r.put("lib2/go.mod", "module example.com/lib\n\ngo 1.26\n")
	r.put("lib2/lib.go", "package lib\n\nconst Text = \"three\"\n")
	r.put("go.mod", module+"require example.com/lib v0.0.0\nreplace example.com/lib => ./lib2\n")
	r.built("three")
	// What became linked in by that is watched now.
	r.put("lib2/lib.go", "package lib\n\nconst Text = \"four\"\n")
	r.built("four")
}

func TestWorkspace(t *testing.T) {
	r := newRig(t,
		"go.work", "go 1.26\n\nuse ./app\nuse ./lib\n",
		"app/go.mod", module,
		"app/main.go", "package main\n\nimport \"example.com/lib\"\n\nfunc main() { println(lib.Text) }\n",
		"lib/go.mod", "module example.com/lib\n\ngo 1.26\n",
		"lib/lib.go", "package lib\n\nconst Text = \"one\"\n")
	t.Setenv("GOFLAGS", "") // -mod=mod is not for workspaces
	r.start(Options{}, "./app")
	r.built("one")
	r.watching()
	r.put("lib/lib.go", "package lib\n\nconst Text = \"two\"\n")
	r.built("two")
	r.put("go.work", "go 1.26\n\nuse ./app\nuse ./lib\n\n// x\n")
	next[Unchanged](r)
}

// TestWorkspaceAppears above the module, and goes.
func TestWorkspaceAppears(t *testing.T) {
	r := newRig(t,
		"app/go.mod", module+"require example.com/lib v0.0.0\nreplace example.com/lib => ./lib\n",
		"app/main.go", "package main\n\nimport \"example.com/lib\"\n\nfunc main() { println(lib.Text) }\n",
		"app/lib/go.mod", "module example.com/lib\n\ngo 1.26\n",
		"app/lib/lib.go", "package lib\n\nconst Text = \"one\"\n",
		"lib/go.mod", "module example.com/lib\n\ngo 1.26\n",
		"lib/lib.go", "package lib\n\nconst Text = \"two\"\n")
	t.Setenv("GOFLAGS", "") // -mod=mod is not for workspaces
	r.dir = filepath.Join(r.dir, "app")
	r.start(Options{}, ".")
	r.built("one")
	r.watching()
	r.put("../go.work", "go 1.26\n\nuse ./app\nuse ./lib\n")
	r.built("two")
	if err := os.Remove(filepath.Join(r.dir, "../go.work")); err != nil {
		t.Fatal(err)
	}
	r.built("one")
}

// TestNewPackage: an import of a package that does not exist yet, then the
// package, then a change in it.
func TestNewPackage(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.start(Options{}, ".")
	r.built("one")
	r.watching()
	r.put("main.go", "package main\n\nimport \"example.com/app/a/b\"\n\nfunc main() { println(b.Text) }\n")
	next[BuildFailed](r)
	r.put("a/b/b.go", "package b\n\nconst Text = \"two\"\n")
	r.built("two")
	r.put("a/b/b.go", "package b\n\nconst Text = \"three\"\n")
	r.built("three")
}

// TestFilesComeAndGo: also one that a build constraint leaves out.
func TestFilesComeAndGo(t *testing.T) {
	r := newRig(t, "go.mod", module,
		"main.go", "package main\n\nvar text = \"one\"\n\nfunc main() { println(text) }\n",
		"left.go", "//go:build ignore\n\npackage main\n")
	r.start(Options{}, ".")
	r.built("one")
	r.watching()
	r.put("more.go", "package main\n\nfunc init() { text = \"two\" }\n")
	r.built("two")
	if err := os.Remove(filepath.Join(r.dir, "more.go")); err != nil {
		t.Fatal(err)
	}
	r.built("one")
	r.put("left.go", "//go:build ignore\n\npackage main\n\nfunc init() { text = \"three\" }\n")
	r.put("left.go", "package main\n\nfunc init() { text = \"three\" }\n")
	b := r.built("three")
	if diff := cmp.Diff([]string{"left.go"}, b.Cause); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestEmbeddedFiles(t *testing.T) {
	const code = `package main

import "embed"

//go:embed static page.*
var files embed.FS

func main() {
	for _, name := range []string{"static/a.txt", "static/deep/b.txt", "page.html"} {
		text, _ := files.ReadFile(name)
		print(string(text))
	}
}
`
	r := newRig(t, "go.mod", module, "main.go", code, "static/a.txt", "a1 ", "page.html", "p1 ", "notes.txt", "")
	r.start(Options{}, ".")
	r.built("a1 p1")
	r.watching()
	r.put("static/a.txt", "a2 ")
	r.built("a2 p1")
	r.put("static/deep/b.txt", "b1 ")
	r.built("a2 b1 p1")
	r.put("notes.txt", "x")
	r.put("page.html", "p2 ")
	if diff := cmp.Diff([]string{"page.html"}, next[Changed](r).Paths); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	r.built("a2 b1 p2")
}

// TestMissingEmbeddedFile: the build fails for want of it, then it appears.
func TestMissingEmbeddedFile(t *testing.T) {
	r := newRig(t, "go.mod", module,
		"main.go", "package main\n\nimport _ \"embed\"\n\n//go:embed deep/data.txt\nvar text string\n\nfunc main() { println(text) }\n")
	r.start(Options{}, ".")
	failed := next[BuildFailed](r)
	want := []Problem{{File: "main.go", Line: 5, Column: 12, Text: "pattern deep/data.txt: no matching files found"}}
	if diff := cmp.Diff(want, failed.Problems); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	r.watching()
	r.put("deep/data.txt", "one")
	r.built("one")
	r.put("deep/data.txt", "two")
	r.built("two")
	if slices.Contains(r.seen, "Warning") {
		t.Errorf("seen: %v", r.seen)
	}
}

// TestMissingEmbeddedFileOfAnyName: one that might be a directory as well.
func TestMissingEmbeddedFileOfAnyName(t *testing.T) {
	r := newRig(t, "go.mod", module, "deep/x", "",
		"main.go", "package main\n\nimport _ \"embed\"\n\n//go:embed deep/data\nvar text string\n\nfunc main() { println(text) }\n")
	r.start(Options{}, ".")
	next[BuildFailed](r)
	r.watching()
	r.put("deep/data", "one")
	r.built("one")
}

// TestMissingEmbeddedDirectory appears with what is in it.
func TestMissingEmbeddedDirectory(t *testing.T) {
	r := newRig(t, "go.mod", module,
		"main.go", "package main\n\nimport \"embed\"\n\n//go:embed web/static\nvar files embed.FS\n\nfunc main() {\n\ttext, _ := files.ReadFile(\"web/static/a/b.txt\")\n\tprintln(string(text))\n}\n")
	r.start(Options{}, ".")
	next[BuildFailed](r)
	r.watching()
	r.put("web/static/a/b.txt", "one")
	r.built("one")
	r.put("web/static/a/b.txt", "two")
	r.built("two")
}

// TestIgnored: what the user names counts for nothing, embedded or not.
func TestIgnored(t *testing.T) {
	r := newRig(t, "go.mod", module,
		"main.go", "package main\n\nimport _ \"embed\"\n\n//go:embed static/data.txt\nvar text string\n\nfunc main() { println(text) }\n",
		"static/data.txt", "one", "generated.go", "package main\n")
	r.start(Options{Ignore: []string{"static/data.txt", "generated.go"}}, ".")
	r.built("one")
	r.watching()
	r.put("static/data.txt", "two")
	r.put("generated.go", "package main\n\nvar x int\n")
	r.put("go.mod", module+"// x\n")
	if diff := cmp.Diff([]string{"go.mod"}, next[Changed](r).Paths); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	r.built("two")
}

func TestPause(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.start(Options{}, ".")
	r.built("one")
	r.watching()
	r.w.Pause()
	if p := next[Paused](r); p.Why != "" {
		t.Errorf("%+v", p)
	}
	r.put("main.go", prints("two"))
	r.waits(1)
	r.w.Build() // asked for, so it is done
	r.waits(0)
	r.built("two")
	r.put("main.go", prints("three"))
	r.waits(1)
	r.put("go.mod", module+"// changed\n")
	r.waits(2)
	r.w.Resume()
	next[Resumed](r)
	r.waits(0)
	b := r.built("three")
	if diff := cmp.Diff([]string{"go.mod", "main.go"}, b.Cause); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestOlderBuildsStay: three, and what is in use.
func TestOlderBuildsStay(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("0"))
	r.start(Options{}, ".")
	programs := []Program{r.built("0").Program}
	r.watching()
	for _, text := range []string{"1", "2", "3", "4"} {
		if text == "3" {
			r.w.Keep(programs[1].Path)
		}
		r.put("main.go", prints(text))
		programs = append(programs, r.built(text).Program)
	}
	for i, p := range programs[1:] {
		if got := r.run(p); got != strconv.Itoa(i+1) {
			t.Errorf("build %d prints %q", i+1, got)
		}
	}
	if _, err := os.Stat(programs[0].Path); !os.IsNotExist(err) {
		t.Errorf("the first is still there: %v", err)
	}
	if err := r.w.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(programs[4].Path); !os.IsNotExist(err) {
		t.Errorf("the last is still there: %v", err)
	}
}

func TestOff(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", prints("one"))
	r.start(Options{Off: true}, ".")
	r.built("one")
	r.put("main.go", prints("two"))
	r.w.Build()
	r.built("two")
	if slices.Contains(r.seen, "Changed") {
		t.Errorf("seen: %v", r.seen)
	}
}
