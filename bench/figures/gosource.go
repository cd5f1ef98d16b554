package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// goSource is a Go program that answers with its version, in a directory of its
// own.
type goSource struct {
	dir, addr string
	modules   int
}

const sourceMain = `package main

import (
	"fmt"
	"net/http"
IMPORTS)

func main() {
USES	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, VERSION) })
	panic(http.ListenAndServe("ADDR", nil))
}
`

func newSource(modules int) (*goSource, error) {
	dir, err := os.MkdirTemp("", "figures-reload-")
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	s := &goSource{dir: dir, addr: addr, modules: modules}
	mod := "module example.com/app\n\ngo 1.26\n"
	for i := 1; i < modules; i++ {
		mod += fmt.Sprintf("\nrequire example.com/m%d v0.0.0\n\nreplace example.com/m%d => ./m%d\n", i, i, i)
		err = s.write(fmt.Sprintf("m%d/go.mod", i), fmt.Sprintf("module example.com/m%d\n\ngo 1.26\n", i))
		if err == nil {
			err = s.write(fmt.Sprintf("m%d/m.go", i), fmt.Sprintf("package m%d\n\n// Use does nothing.\nfunc Use() {}\n", i))
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.write("go.mod", mod); err != nil {
		return nil, err
	}
	return s, s.save(1)
}

func (s *goSource) remove()     { _ = os.RemoveAll(s.dir) }
func (s *goSource) url() string { return "http://" + s.addr + "/" }

// write replaces a file in one step, as editors do.
func (s *goSource) write(name, text string) error {
	path := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path+"~", []byte(text), 0o644); err != nil {
		return err
	}
	return os.Rename(path+"~", path)
}

// save writes a version of the program.
func (s *goSource) save(version int) error {
	var imports, uses strings.Builder
	for i := 1; i < s.modules; i++ {
		fmt.Fprintf(&imports, "\t\"example.com/m%d\"\n", i)
		fmt.Fprintf(&uses, "\tm%d.Use()\n", i)
	}
	return s.write("main.go", strings.NewReplacer("IMPORTS", imports.String(), "USES", uses.String(),
		"VERSION", strconv.Itoa(version), "ADDR", s.addr).Replace(sourceMain))
}

// build saves a version and returns how long go build takes.
func (s *goSource) build(ctx context.Context, version int) (time.Duration, error) {
	if err := s.save(version); err != nil {
		return 0, err
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(s.dir, "app"), ".")
	cmd.Dir = s.dir
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return time.Since(began), nil
}

// saveAndAsk saves a version and returns how long it takes until it answers. It
// asks once the build is done, which no answer can precede: a client that asks a
// thousand times a second takes a good part of the processor, on a machine with
// two of them, from a build that the other one is compared with.
func (s *goSource) saveAndAsk(ctx context.Context, h *headless, version int) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := s.save(version); err != nil {
		return 0, err
	}
	began := time.Now()
	if _, err := h.count(ctx, "build_done", 1); err != nil {
		return 0, err
	}
	for ctx.Err() == nil {
		if got, err := ask(http.DefaultClient, s.url()); err == nil && got == strconv.Itoa(version) {
			return time.Since(began), nil
		}
		time.Sleep(time.Millisecond)
	}
	return 0, fmt.Errorf("version %d does not answer: %w", version, ctx.Err())
}
