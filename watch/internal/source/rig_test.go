package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rig is a directory with files.
type rig struct {
	t   *testing.T
	dir string
}

// newRig makes files: name, content, name, content…
func newRig(t *testing.T, files ...string) *rig {
	t.Helper()
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOENV", "off") // what go env -w has set
	t.Setenv("GOPROXY", "off")
	t.Setenv("CGO_ENABLED", "0")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t, dir}
	for i := 0; i < len(files); i += 2 {
		r.put(files[i], files[i+1])
	}
	return r
}

// put writes an executable file, and returns its path.
func (r *rig) put(name, text string) string {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
		r.t.Fatal(err)
	}
	return path
}

// request returns that of a command line.
func (r *rig) request(line string) Request {
	argv := strings.Fields(line)
	return Request{Path: argv[0], Args: argv[1:], Dir: r.dir, Env: os.Environ()}
}

// find returns the recipe of a command line.
func (r *rig) find(line string) *Recipe {
	r.t.Helper()
	recipe, err := Find(r.t.Context(), r.request(line))
	if err != nil {
		r.t.Fatalf("%s: %v", line, err)
	}
	return recipe
}

// line returns what the screen shows of a recipe, the directory left out.
func (r *rig) line(recipe *Recipe) string {
	return strings.ReplaceAll(recipe.What(recipe.Listing), r.dir, "DIR")
}

const module = "module example.com/app\n\ngo 1.26\n"

const program = "package main\n\nfunc main() {}\n"
