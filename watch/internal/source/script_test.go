package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// interpretersOnPath puts stand-ins for interpreters on PATH: they are only
// recognised, never run.
func (r *rig) interpretersOnPath() {
	r.t.Helper()
	for _, name := range strings.Fields("node nodejs python3 python3.12 ruby php perl bun deno npm uvicorn tsx java") {
		r.put("usr/bin/"+name, "#!/bin/sh\n")
	}
	r.t.Setenv("PATH", filepath.Join(r.dir, "usr/bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
}

func TestScripts(t *testing.T) {
	r := newRig(t, "app/app.js", "", "app/lib/app.py", "", "app/server/index.js", "", "app/bin/tool", "#!/bin/sh\n",
		"app/public/index.php", "", "far/far.rb", "")
	r.interpretersOnPath()
	home := filepath.Join(r.dir, "home")
	r.put("home/x.py", "")
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	root := r.dir
	r.dir = filepath.Join(root, "app")
	const here = "watching the tree of . "
	for _, tt := range []struct{ command, want, trees string }{
		{"node app.js", here + "(node app.js) · no build", "app"},
		{"node app", here + "(node app) · no build", "app"},
		{"nodejs --inspect app.js -c x", here + "(nodejs app.js) · no build", "app"},
		{"node --require x.js app.js", here + "(node app.js) · no build", "app"},
		{"node --import=x.js app.js --port 80", here + "(node app.js) · no build", "app"},
		{"node server", "watching the tree of ./server (node server) · no build", "app/server"},
		{"node -e 1", here + "(node -e, so the code is taken to be here) · no build", "app"},
		{"node", here + "(no script in node's arguments, so the code is taken to be here) · no build", "app"},
		{"node missing.js", here + "(missing.js is no file, so the code is taken to be here) · no build", "app"},
		{"tsx app.js", here + "(tsx app.js) · no build", "app"},
		{"python3 -u lib/app.py", here + "(python3 lib/app.py) · no build", "app app/lib"},
		{"python3.12 -X dev -W error lib/app.py", here + "(python3.12 lib/app.py) · no build", "app app/lib"},
		{"python3 -Wignore lib/app.py", here + "(python3 lib/app.py) · no build", "app app/lib"},
		{"python3 -m http.server", here + "(python3 -m, so the code is taken to be here) · no build", "app"},
		{"python3 -um pkg", here + "(python3 -m, so the code is taken to be here) · no build", "app"},
		{"ruby -I lib -w ../far/far.rb", "watching the tree of DIR/far (ruby ../far/far.rb) · no build", "far"},
		{"ruby -rjson -Ilib ../far/far.rb", "watching the tree of DIR/far (ruby ../far/far.rb) · no build", "far"},
		{"perl -we 1", here + "(perl -e, so the code is taken to be here) · no build", "app"},
		{"php -S :8080", here + "(the root of php -S) · no build", "app"},
		{"php -S :8080 -t public", "watching the tree of ./public (the root of php -S) · no build", "app/public"},
		{"php -S :8080 -t public app.js", here + "(php -S app.js) · no build", "app"},
		{"php -d x=1 public/index.php", here + "(php public/index.php) · no build", "app app/public"},
		{"bun run app.js", here + "(bun app.js) · no build", "app"},
		{"bun --hot app.js", here + "(bun app.js) · no build", "app"},
		{"bun run dev", here + "(dev is no file, so the code is taken to be here) · no build", "app"},
		{"deno run -A --config x.json app.js", here + "(deno app.js) · no build", "app"},
		{"deno serve --port 80 app.js", here + "(deno app.js) · no build", "app"},
		{"sh -eu bin/tool", here + "(sh bin/tool) · no build", "app app/bin"},
		{"sh -ec exit", here + "(sh -c, so the code is taken to be here) · no build", "app"},
		{"env A=b node app.js", here + "(node app.js) · no build", "app"},
		{"npm start", here + "(npm runs what is here) · no build", "app"},
		{"./bin/tool", here + "(script ./bin/tool) · no build", "app app/bin"},
		{"uvicorn app:app", here + "(uvicorn is a script on PATH, so the code is taken to be here) · no build", "app"},
		{"python3 ../home/x.py", "watching the file DIR/home/x.py alone, DIR/home is too wide; say what with --watch-dir · no build", ""},
	} {
		recipe := r.find(tt.command)
		if got := strings.ReplaceAll(recipe.What(nil), root, "DIR"); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.command, got, tt.want)
		}
		var trees []string
		for _, tree := range recipe.Scope.Trees {
			rel, err := filepath.Rel(root, tree)
			if err != nil {
				t.Fatal(err)
			}
			trees = append(trees, rel)
		}
		if got := strings.Join(trees, " "); got != tt.trees {
			t.Errorf("%s: trees %q, want %q", tt.command, got, tt.trees)
		}
		if recipe.Kind != Script || recipe.Builds() {
			t.Errorf("%s: kind %v", tt.command, recipe.Kind)
		}
	}
}

// TestSymlinkedProgram: both ends may change.
func TestSymlinkedProgram(t *testing.T) {
	r := newRig(t, "versions/1/server", "\x7fELF\x00")
	if err := os.Symlink("versions/1/server", filepath.Join(r.dir, "server")); err != nil {
		t.Fatal(err)
	}
	recipe := r.find("./server")
	want := []string{filepath.Join(r.dir, "server"), filepath.Join(r.dir, "versions/1/server")}
	if recipe.Kind != Other || !slices.Equal(recipe.Scope.Files, want) {
		t.Errorf("kind %v, files %q", recipe.Kind, recipe.Scope.Files)
	}
	if got := r.line(recipe); got != "watching the file ./server alone · no build" {
		t.Errorf("line %q", got)
	}
}

// TestBuiltScript is no source of its build where its tree leaves it out.
func TestBuiltScript(t *testing.T) {
	r := newRig(t, "src/app.js", "", "dist/app.js", "")
	req := r.request("node dist/app.js")
	req.Build = "npm run build"
	recipe, err := Find(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if s := recipe.Scope; !slices.Equal(s.Trees, []string{r.dir}) || len(s.Files) > 0 {
		t.Errorf("scope %+v", s)
	}
}

func TestOverrides(t *testing.T) {
	r := newRig(t, "server", "\x7fELF\x00", "src/x.c", "", "go.mod", module, "main.go", program)
	find := func(line string, change func(*Request)) (*Recipe, error) {
		req := r.request(line)
		change(&req)
		return Find(t.Context(), req)
	}
	recipe, err := find("./server", func(q *Request) { q.Build, q.Dirs = "make", []string{"src"} })
	if err != nil {
		t.Fatal(err)
	}
	if got := r.line(recipe); got != "watching src (--watch-dir) · make" {
		t.Errorf("line %q", got)
	}
	if s := recipe.Scope; !slices.Equal(s.Trees, []string{filepath.Join(r.dir, "src")}) || len(s.Files) > 0 || !slices.Equal(s.Except, []string{filepath.Join(r.dir, "server")}) {
		t.Errorf("scope %+v", s)
	}
	if recipe, err = find("./made/later", func(q *Request) { q.Build = "make" }); err != nil {
		t.Fatal(err)
	}
	if got := r.line(recipe); got != "watching the tree of . (--build) · make" {
		t.Errorf("line %q", got)
	}
	if recipe, err = find(".", func(q *Request) { q.Off = true }); err != nil {
		t.Fatal(err)
	}
	if got := r.line(recipe); got != "not watching (--watch=false) · go build" {
		t.Errorf("line %q", got)
	}
	if recipe, err = find(".", func(q *Request) { q.Dirs = []string{"src"} }); err != nil {
		t.Fatal(err)
	}
	if got := r.line(recipe); got != "watching src (--watch-dir) · go build" {
		t.Errorf("line %q", got)
	}
	for want, change := range map[string]func(*Request){
		"--watch-dir nothing does not exist: check the path":                                               func(q *Request) { q.Dirs = []string{"nothing"} },
		"--watch-dir main.go is not a directory":                                                           func(q *Request) { q.Dirs = []string{"main.go"} },
		`--build makes a program: name that, as in gcl-tui --build "make" ./bin/server, and not Go source`: func(q *Request) { q.Build = "make" },
	} {
		if _, err := find(".", change); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
