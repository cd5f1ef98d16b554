package source

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

func TestGoSource(t *testing.T) {
	r := newRig(t, "go.mod", module,
		"cmd/server/main.go", program, "cmd/server/more.go", "package main\n",
		"lone.go", "//go:build ignore\n\n"+program,
		"cmd/api/main.go", program, // also the import path of a program of Go's
		"inner/go.mod", "module example.com/inner\n", "inner/main.go", program)
	for _, tt := range []struct{ command, line, build, args, dir, name string }{
		{"./cmd/server -x", "watching 2 dirs of ./cmd/server (go list) · go build", "go build -buildvcs=false -o OUT ./cmd/server", "-x", "", "server"},
		{"cmd/server/main.go cmd/server/more.go a.txt", "watching 2 dirs of cmd/server/main.go cmd/server/more.go (go list) · go build", "go build -buildvcs=false -o OUT cmd/server/main.go cmd/server/more.go", "a.txt", "", "main"},
		{"lone.go", "watching 1 dir of lone.go (go list) · go build", "go build -buildvcs=false -o OUT lone.go", "", "", "lone"},
		{"./inner a b", "watching 1 dir of ./inner (go list) · go build", "go build -buildvcs=false -o OUT .", "a b", "inner", "inner"},
		{"cmd/server", "watching 2 dirs of ./cmd/server (go list) · go build", "go build -buildvcs=false -o OUT ./cmd/server", "", "", "server"},
		{"cmd/api", "watching 2 dirs of ./cmd/api (go list) · go build", "go build -buildvcs=false -o OUT ./cmd/api", "", "", "api"},
		{"go run -buildvcs lone.go", "watching 1 dir of lone.go (go list) · go build -buildvcs · go run's program, run directly", "go build -buildvcs -o OUT lone.go", "", "", "lone"},
		{"go run ./cmd/server -x", "watching 2 dirs of ./cmd/server (go list) · go build · go run's program, run directly", "go build -buildvcs=false -o OUT ./cmd/server", "-x", "", "server"},
		{"go run -race -v -tags a,b -ldflags=-s lone.go x.go", "", "", "", "", ""},
		{"go run --trimpath -tags a,b -gcflags -N lone.go x y", "watching 1 dir of lone.go (go list) · go build -trimpath -tags=a,b -gcflags=-N · go run's program, run directly", "go build -trimpath -tags=a,b -gcflags=-N -buildvcs=false -o OUT lone.go", "x y", "", "lone"},
		{"go run -buildvcs=true lone.go", "watching 1 dir of lone.go (go list) · go build -buildvcs=true · go run's program, run directly", "go build -buildvcs=true -o OUT lone.go", "", "", "lone"},
	} {
		if tt.line == "" {
			if _, err := Find(t.Context(), r.request(tt.command)); err == nil {
				t.Errorf("%s: x.go, which does not exist, is source", tt.command)
			}
			continue
		}
		recipe := r.find(tt.command)
		if got := r.line(recipe); got != tt.line {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.command, got, tt.line)
		}
		if got := strings.Join(recipe.Go.Build("OUT"), " "); got != tt.build {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.command, got, tt.build)
		}
		if got := strings.Join(recipe.Args, " "); got != tt.args {
			t.Errorf("%s: args %q", tt.command, got)
		}
		if recipe.Go.Name != tt.name || recipe.Go.Dir != filepath.Join(r.dir, tt.dir) {
			t.Errorf("%s: name %s in %s", tt.command, recipe.Go.Name, recipe.Go.Dir)
		}
	}
}

// TestFileOfAnotherModule: a file is built in the module that it lies in, unless
// what it imports is found from here.
func TestFileOfAnotherModule(t *testing.T) {
	r := newRig(t, "deep/go.mod", "module example.com/deep\n", "deep/lib/lib.go", "package lib\n",
		"deep/main.go", "package main\n\nimport _ \"example.com/deep/lib\"\n\nfunc main() {}\n", "deep/lone.go", program)
	deep := filepath.Join(r.dir, "deep")
	for _, module := range []string{"", module} { // around the working directory
		if module != "" {
			r.put("go.mod", module)
		}
		for command, dir := range map[string]string{"deep/main.go": deep, "go run deep/main.go": deep, "deep/lone.go": r.dir} {
			if recipe := r.find(command); recipe.Go.Dir != dir {
				t.Errorf("%s is built in %s", command, recipe.Go.Dir)
			}
		}
	}
	if got := r.line(r.find("deep/main.go")); got != "watching 2 dirs of deep/main.go (go list) · go build" {
		t.Error(got)
	}
}

// TestStampOfTheEnvironment: who asks for a stamp in GOFLAGS gets it.
func TestStampOfTheEnvironment(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", program)
	t.Setenv("GOFLAGS", "-mod=mod -buildvcs=auto")
	if got := strings.Join(r.find(".").Go.Build("OUT"), " "); got != "go build -o OUT ." {
		t.Errorf("%s", got)
	}
}

// TestGoRunLeftAlone: what cannot be run directly is run by go run.
func TestGoRunLeftAlone(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", program)
	for command, why := range map[string]string{
		"go run -exec wrapper .":               "go run -exec",
		"go run -C sub .":                      "go run -C",
		"go run example.com/tool@latest -flag": "go run of a released version",
	} {
		recipe := r.find(command)
		want := "watching the tree of . (" + why + ") · no build · " + why + " is left to the go command"
		if got := r.line(recipe); got != want || recipe.Builds() || recipe.Path != "go" {
			t.Errorf("%s:\ngot  %s\nwant %s", command, got, want)
		}
	}
}

func TestBadGoSource(t *testing.T) {
	r := newRig(t, "go.mod", module, "lib/lib.go", "package lib\n", "typo/main.go", "pakage main\n",
		"tests/x_test.go", "package tests\n", "nothing/here.txt", "")
	for command, want := range map[string]string{
		"./lib":          "./lib is the Go package lib, not a main package: name one that is, or a program",
		"go run ./lib":   "./lib is the Go package lib, not a main package: name one that is, or a program",
		"./typo":         "./typo: expected 'package', found pakage",
		"./tests":        "./tests is the Go package tests, not a main package: name one that is, or a program",
		"./nothing":      "./nothing is a directory without a Go main package: name a package that has one, or a program",
		"./nothing/x":    "./nothing/x does not exist: check the path",
		"nothing":        "nothing is a directory: write ./nothing for the Go package in it",
		"lib/lib.go":     "lib/lib.go is the Go package lib, not a main package: name one that is, or a program",
		"./typo/gone.go": "./typo/gone.go does not exist: check the path",
	} {
		if _, err := Find(t.Context(), r.request(command)); err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", command, err, want)
		}
	}
}

func (r *rig) goBuild(args ...string) {
	r.t.Helper()
	cmd := exec.Command("go", append([]string{"build"}, args...)...)
	cmd.Dir = r.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		r.t.Fatalf("go build: %v: %s", err, out)
	}
}

func TestGoBinary(t *testing.T) {
	r := newRig(t, "src/go.mod", module, "src/cmd/server/main.go", program, "src/go.work", "go 1.26\n\nuse .\n")
	src := &rig{t, filepath.Join(r.dir, "src")}
	t.Setenv("GOFLAGS", "")
	for _, tt := range []struct{ flags, line, build string }{
		{"", "go build", "go build -buildvcs=false -o OUT example.com/app/cmd/server"},
		{"-tags=a,b", "go build -tags=a,b", "go build -tags=a,b -buildvcs=false -o OUT example.com/app/cmd/server"},
		{"-trimpath", "go build -trimpath · -ldflags unknown: -trimpath leaves them out of the build info", "go build -trimpath -buildvcs=false -o OUT example.com/app/cmd/server"},
		{"-gcflags=-N", "go build -gcflags=-N", "go build -gcflags=-N -buildvcs=false -o OUT example.com/app/cmd/server"},
	} {
		src.goBuild(append(strings.Fields(tt.flags), "-o", "../bin/x/server", "./cmd/server")...)
		src.goBuild(append(strings.Fields(tt.flags), "-o", "server", "./cmd/server")...)
		recipe := src.find("./server arg")
		want := "watching 2 dirs of ./cmd/server (build info of server) and the file itself · " + tt.line
		if got := r.line(recipe); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.flags, got, want)
		}
		if got := strings.Join(recipe.Go.Build("OUT"), " "); got != tt.build {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.flags, got, tt.build)
		}
		if !slices.Contains(recipe.Go.Env, "CGO_ENABLED=0") || recipe.Go.Name != "server" {
			t.Errorf("%s: %s, env %q", tt.flags, recipe.Go.Name, recipe.Go.Env)
		}
		// The module is around the working directory, not the binary.
		if recipe := src.find("../bin/x/server"); recipe.Kind != GoBinary || recipe.Go.Dir != src.dir {
			t.Errorf("%s: elsewhere: %+v", tt.flags, recipe)
		}
	}
}

// TestGoBinaryOfUnknownSource: it is run like any other program.
func TestGoBinaryOfUnknownSource(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", program, "empty/x", "")
	r.goBuild("-o", "empty/server", ".")
	r.goBuild("-o", "empty/lone", "main.go")
	if err := os.Remove(filepath.Join(r.dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	r.dir = filepath.Join(r.dir, "empty")
	if err := os.Link(filepath.Join(r.dir, "server"), filepath.Join(r.dir, "task")); err != nil {
		t.Fatal(err)
	}
	if got := r.line(r.find("./task dev")); got != "watching the tree of . (task runs what is here) · no build" {
		t.Errorf("launcher: %s", got)
	}
	for command, why := range map[string]string{
		"./server": "source unknown: no module example.com/app around it or here",
		"./lone":   "source unknown: built from single files, which its build info does not name",
	} {
		recipe := r.find(command)
		want := "watching the file " + command + " alone · no build · " + why
		if got := r.line(recipe); got != want || recipe.Builds() {
			t.Errorf("%s:\ngot  %s\nwant %s", command, got, want)
		}
	}
	built, err := Find(t.Context(), Request{Path: "./server", Dir: r.dir, Env: os.Environ(), Build: "make"})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.line(built); got != "watching the tree of . (--build) · make" {
		t.Errorf("--build: %s", got)
	}
}

// TestListing of a program with a local package, a replaced module, embedded
// files, tests, and files that its build constraints leave out.
func TestListing(t *testing.T) {
	r := newRig(t,
		"go.mod", module+"require example.com/lib v0.0.0\nreplace example.com/lib => ./lib\n",
		"main.go", "package main\n\nimport (\n\t_ \"embed\"\n\t_ \"example.com/app/inner\"\n\t_ \"example.com/app/missing/deep\"\n\t_ \"example.com/lib\"\n)\n\n//go:embed page/*.html\nvar page string\n\nfunc main() {}\n",
		"main_test.go", "package main\n", "left.go", "//go:build ignore\n\npackage main\n",
		"page/a.html", "", "page/b.txt", "", "other/other.go", "package other\n",
		"inner/inner.go", "package inner\n", "lib/go.mod", "module example.com/lib\n", "lib/lib.go", "package lib\n")
	l := r.find(".").Listing
	for name, want := range map[string]bool{
		"main.go": true, "main_test.go": false, "left.go": true, "new.go": true, "new_test.go": false, "_x.go": false,
		"a.s": true, "a.c": true, "default.pgo": true, "x.txt": false, "go.mod": true, "go.sum": true,
		"page/a.html": true, "page/new.html": true, "page/b.txt": false, "other/other.go": false,
		"inner/inner.go": true, "lib/lib.go": true, "lib/go.mod": true, "missing/deep/x.go": true, "missing/x.go": false,
	} {
		if got := l.Relevant(filepath.Join(r.dir, name)); got != want {
			t.Errorf("%s: relevant %v", name, got)
		}
	}
	if l.Dirs != 4 {
		t.Errorf("%d dirs", l.Dirs)
	}
}

// TestVendored: what is vendored is source like any other, and so is the list that
// has it used.
func TestVendored(t *testing.T) {
	r := newRig(t, "main.go", "package main\n\nimport (\n\t_ \"example.com/lib\"\n\t_ \"example.com/near\"\n\t_ \"example.com/near/missing\"\n)\n\nfunc main() {}\n",
		"go.mod", module+"require example.com/lib v1.0.0\nrequire example.com/near v0.0.0\nreplace example.com/near => ./near\n",
		"near/go.mod", "module example.com/near\n", "near/near.go", "package near\n",
		"vendor/modules.txt", "# example.com/lib v1.0.0\n## explicit\nexample.com/lib\n# example.com/near v0.0.0 => ./near\n## explicit\nexample.com/near\n# example.com/near => ./near\n",
		"vendor/example.com/lib/lib.go", "package lib\n", "vendor/example.com/lib/other/other.go", "package other\n",
		"vendor/example.com/near/near.go", "package near\n")
	t.Setenv("GOFLAGS", "")
	l := r.find(".").Listing
	for name, want := range map[string]bool{
		"vendor/example.com/lib/lib.go": true, "vendor/example.com/lib/new.go": true,
		"vendor/example.com/lib/other/other.go": false, "vendor/example.com/lib/lib_test.go": false,
		"vendor/example.com/near/near.go": true, "near/near.go": false, "vendor/modules.txt": true,
	} {
		if got := l.Relevant(filepath.Join(r.dir, name)); got != want {
			t.Errorf("%s: relevant %v", name, got)
		}
	}
	scope := l.Scope()
	for _, path := range slices.Concat(scope.Files, scope.Dirs, scope.Trees) {
		if !filepath.IsAbs(path) {
			t.Errorf("%s is watched", path)
		}
	}
	if !l.Outdated([]string{filepath.Join(r.dir, "vendor", "modules.txt")}) {
		t.Error("the list of vendored packages changed, and no new listing is made")
	}
}

// TestNewer: what changed since a time, also in a package that was missing when
// the listing was made.
func TestNewer(t *testing.T) {
	r := newRig(t, "go.mod", module,
		"main.go", "package main\n\nimport _ \"example.com/app/late\"\n\nfunc main() {}\n", "more.go", "package main\n")
	age(t, r.dir)
	l := r.find(".").Listing
	since := time.Now().Add(-Coarse)
	want := []string{r.put("late/late.go", "package late\n"), r.put("more.go", "package main\n\nvar x int\n")}
	r.put("late/late_test.go", "package late\n")
	r.put("other/other.go", "package other\n")
	if diff := cmp.Diff(want, l.Newer(since, nil)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestNewerEmbedded: a file of a directory long known, which counts only now.
func TestNewerEmbedded(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", program, "index.html", "", "other.html", "")
	age(t, r.dir)
	older := r.find(".").Listing
	since := time.Now().Add(-Coarse)
	r.put("main.go", "package main\n\nimport _ \"embed\"\n\n//go:embed index.html\nvar page string\n\nfunc main() {}\n")
	want := []string{r.put("index.html", "new")}
	r.put("other.html", "new")
	if diff := cmp.Diff(want, r.find(".").Listing.Newer(since, older)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestChanges that call for a build, for a new listing, or for nothing.
func TestChanges(t *testing.T) {
	r := newRig(t, "go.mod", module, "main.go", program, "left.go", "//go:build ignore\n\npackage main\n",
		"gone.go", "package main\n")
	p := r.find(".").Go
	old := map[string]string{"main.go": program, "left.go": "//go:build ignore\n\npackage main\n", "gone.go": "package main\n"}
	for _, tt := range []struct {
		name, file, text string
		builds, outdated bool
	}{
		{"a body", "main.go", "package main\n\nfunc main() { println() }\n", true, false},
		{"an import", "main.go", "package main\n\nimport _ \"fmt\"\n\nfunc main() {}\n", true, true},
		{"half an import", "main.go", "package main\n\nimport _ \"fm\n\nfunc main() {}\n", true, false},
		{"an embed", "main.go", program + "\n//go:embed x\nvar x string\n", true, true},
		{"a constraint", "main.go", "//go:build linux\n\n" + program, true, true},
		{"a comment in what is left out", "left.go", "//go:build ignore\n\npackage main // x\n", false, false},
		{"the constraint of what is left out", "left.go", "package main\n", true, true},
		{"a new file", "new.go", "package main\n", true, true},
		{"a file that is gone", "gone.go", "", true, true},
		{"a module file", "go.mod", module + "\n", true, true},
		{"a test", "x_test.go", "package main\n", false, false},
	} {
		age(t, r.dir)
		l, err := p.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		path := r.put(tt.file, tt.text)
		if tt.text == "" {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]bool{tt.builds, tt.outdated}, []bool{l.Rebuilds([]string{path}), l.Outdated([]string{path})}); diff != "" {
			t.Errorf("%s: builds, outdated (-want +got):\n%s", tt.name, diff)
		}
		if text, ok := old[tt.file]; ok {
			r.put(tt.file, text)
		} else {
			r.put(tt.file, module)
			if tt.file != "go.mod" {
				_ = os.Remove(path)
			}
		}
	}
}

// age makes all files a day old: of what has just changed, a listing is not
// sure what go list saw.
func age(t *testing.T, dir string) {
	t.Helper()
	old := time.Now().Add(-24 * time.Hour)
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if err := os.Chtimes(filepath.Join(dir, e.Name()), old, old); err != nil {
			t.Fatal(err)
		}
	}
}
