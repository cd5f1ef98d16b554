package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// buildPackage builds a Go main package into a directory of this run and returns
// the binary. release removes it.
func buildPackage(ctx context.Context, pkg string, stderr io.Writer) (binary string, release func(), err error) {
	if !hasGoFiles(pkg) {
		return "", nil, fmt.Errorf("%s is a directory without a Go main package: name a package that has one, or a program", pkg)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return "", nil, fmt.Errorf("%s is Go source and the go command is not on PATH: install Go, or name a program", pkg)
	}
	source, err := findMain(ctx, pkg)
	if err != nil {
		return "", nil, err
	}
	dir, release, err := newBuildDir()
	if err != nil {
		return "", nil, err
	}
	binary = filepath.Join(dir, source.name) + executableSuffix
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, source.pkg)
	build.Dir, build.Stdout, build.Stderr = source.dir, stderr, stderr
	if err := build.Run(); err != nil {
		release()
		return "", nil, fmt.Errorf("build %s: %w", pkg, goError(ctx, err))
	}
	return binary, release, nil
}

// hasGoFiles reports whether pkg is a .go file or a directory with one.
func hasGoFiles(pkg string) bool {
	if filepath.Ext(pkg) == ".go" {
		return true
	}
	entries, err := os.ReadDir(pkg)
	if err != nil {
		return true // go list says it better
	}
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".go" && !e.IsDir() {
			return true
		}
	}
	return false
}

// goError puts the end of a go command in words; the command has said the rest.
func goError(ctx context.Context, err error) error {
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case errors.As(err, &exit):
		return errors.New("go build failed, its output is above")
	}
	return err
}

// mainPackage is a Go main package: what go build is told, and where.
type mainPackage struct {
	pkg, dir string
	name     string // of the binary
}

// findMain finds the module that pkg can be built in: the one here, so that the
// compiler names files as seen from here, or else the one that pkg lies in.
func findMain(ctx context.Context, pkg string) (mainPackage, error) {
	m, err := listMain(ctx, pkg, "")
	var library *notMainError
	if err != nil && ctx.Err() == nil && !errors.As(err, &library) {
		dir, base := pkg, "."
		if filepath.Ext(pkg) == ".go" {
			dir, base = filepath.Split(pkg)
		}
		if inside, insideErr := listMain(ctx, base, dir); insideErr == nil || errors.As(insideErr, &library) {
			m, err = inside, insideErr
		}
	}
	switch {
	case err == nil:
		return m, nil
	case errors.As(err, &library):
		return m, fmt.Errorf("%s is the Go package %s, not a main package: name one that is, or a program", pkg, library.name)
	}
	return m, fmt.Errorf("%s: %w", pkg, err)
}

// notMainError is a Go package that is no program.
type notMainError struct{ name string }

func (e *notMainError) Error() string { return "package " + e.name + " is not a main package" }

// listMain asks go list, in a directory, whether pkg is a main package.
func listMain(ctx context.Context, pkg, dir string) (mainPackage, error) {
	list := exec.CommandContext(ctx, "go", "list", "-e", "-find", "-json=Dir,Name,Error", pkg)
	var complaint strings.Builder
	list.Dir, list.Stderr = dir, &complaint
	out, err := list.Output()
	if err != nil {
		if ctx.Err() != nil {
			return mainPackage{}, errInterrupted
		}
		return mainPackage{}, fmt.Errorf("%w: %s", err, firstLine(complaint.String()))
	}
	var p struct {
		Dir, Name string
		Error     *struct{ Err string }
	}
	if err := json.Unmarshal(out, &p); err != nil {
		return mainPackage{}, fmt.Errorf("go list: %w", err)
	}
	switch {
	case p.Name == "main":
		return mainPackage{pkg, dir, binaryName(p.Dir, pkg)}, nil
	case p.Name != "":
		return mainPackage{}, &notMainError{p.Name}
	case p.Error != nil:
		return mainPackage{}, errors.New(firstLine(p.Error.Err))
	}
	return mainPackage{}, errors.New("no Go package")
}

// binaryName is the file's name, or that of the directory.
func binaryName(dir, pkg string) string {
	if filepath.Ext(pkg) == ".go" {
		return strings.TrimSuffix(filepath.Base(pkg), ".go")
	}
	return filepath.Base(dir)
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
