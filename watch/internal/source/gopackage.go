package source

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// Package is a Go main package: what the go command is told, and where.
type Package struct {
	// Patterns are a package, or the .go files of one.
	Patterns []string
	// Flags are build flags.
	Flags []string
	// Dir is where the go command runs, and Env its whole environment.
	Dir string
	Env []string
	// Name is that of the binary, without an extension.
	Name string
}

// Build returns the command that builds the package into a file.
func (p *Package) Build(output string) []string {
	argv := append([]string{"go", "build"}, p.Flags...)
	return append(append(argv, "-o", output), p.Patterns...)
}

// Same reports whether two packages are built in the same way.
func (p *Package) Same(other *Package) bool {
	return p.Dir == other.Dir && slices.Equal(p.Patterns, other.Patterns) &&
		slices.Equal(p.Flags, other.Flags) && slices.Equal(p.Env, other.Env)
}

// String returns the command that builds the package, as one would type it.
func (p *Package) String() string {
	return p.brief() + " " + strings.Join(p.Patterns, " ")
}

// brief is String without the package.
func (p *Package) brief() string {
	words := []string{"go build"}
	for _, flag := range p.Flags {
		if flag == noStamp {
			continue
		}
		if strings.ContainsAny(flag, " \t\"'") {
			name, value, _ := strings.Cut(flag, "=")
			flag = name + "='" + value + "'"
		}
		words = append(words, flag)
	}
	return strings.Join(words, " ")
}

// noStamp keeps the commit and its cleanliness out of the binary: with them,
// every commit and every first change after one would make another binary of
// the same code, and be rolled out.
const noStamp = "-buildvcs=false"

// withoutStamp adds noStamp to flags unless the user decided about it.
func withoutStamp(flags []string, goflags string) []string {
	for _, flag := range append(strings.Fields(goflags), flags...) {
		if strings.HasPrefix(strings.TrimLeft(flag, "-"), "buildvcs") {
			return flags
		}
	}
	return append(slices.Clone(flags), noStamp)
}

// goFiles returns the .go files that a command line begins with, as go run has
// it.
func goFiles(req Request) []string {
	var files []string
	for _, arg := range append([]string{req.Path}, req.Args...) {
		if info, err := os.Stat(absolute(req.Dir, arg)); filepath.Ext(arg) != ".go" || err != nil || info.IsDir() {
			break
		}
		files = append(files, arg)
	}
	return files
}

// isGoDir reports whether COMMAND is a directory written as a path.
func isGoDir(req Request) bool {
	return isPath(req.Path) && isDir(absolute(req.Dir, req.Path))
}

// rooted returns a directory as the go command takes it for one. Without "./",
// cmd/api would be the package of that import path, which Go itself comes with.
func rooted(dir string) string {
	first, _, _ := strings.Cut(filepath.ToSlash(dir), "/")
	if filepath.IsAbs(dir) || first == "." || first == ".." {
		return dir
	}
	return "./" + dir
}

// findPackage finds the recipe of Go source.
func findPackage(ctx context.Context, req Request, patterns, args []string) (*Recipe, error) {
	p, listing, err := findMain(ctx, req, patterns, nil)
	if err != nil {
		return nil, err
	}
	return &Recipe{
		Kind: GoPackage, Args: args, Go: p, Listing: listing,
		subject: strings.Join(patterns, " ") + " (go list)",
	}, nil
}

// findMain finds the module that patterns can be built in: the one here, or
// else the one that they lie in. Of a file, go list says that nothing is wrong
// with it where only what it imports is not found.
func findMain(ctx context.Context, req Request, patterns, flags []string) (*Package, *Listing, error) {
	name := strings.Join(patterns, " ")
	if !hasGoFiles(absolute(req.Dir, patterns[0])) {
		return nil, nil, fmt.Errorf("%s is a directory without a Go main package: name a package that has one, or a program", name)
	}
	if _, err := exec.LookPath("go"); err != nil {
		return nil, nil, fmt.Errorf("%s is Go source and the go command is not on PATH: install Go, or name a program", name)
	}
	p := &Package{Patterns: patterns, Flags: flags, Dir: req.Dir, Env: req.Env}
	listing, err := p.list(ctx)
	var library *notMainError
	if ctx.Err() == nil && (err == nil && listing.missing || err != nil && !errors.As(err, &library)) {
		inner := p.inside()
		inside, insideErr := inner.list(ctx)
		if insideErr == nil && (err != nil || !inside.missing) || err != nil && errors.As(insideErr, &library) {
			p, listing, err = inner, inside, insideErr
		}
	}
	switch {
	case err == nil:
		p.Flags = withoutStamp(flags, listing.goflags)
		p.Name = binaryName(listing.mainDir, patterns)
		return p, listing, nil
	case ctx.Err() != nil:
		return nil, nil, ctx.Err()
	case errors.As(err, &library):
		return nil, nil, fmt.Errorf("%s is the Go package %s, not a main package: name one that is, or a program", name, library.name)
	}
	return nil, nil, fmt.Errorf("%s: %w", name, err)
}

// inside returns p as seen from the directory that its source is in.
func (p *Package) inside() *Package {
	inner := *p
	if filepath.Ext(p.Patterns[0]) != ".go" {
		inner.Dir, inner.Patterns = absolute(p.Dir, p.Patterns[0]), []string{"."}
		return &inner
	}
	inner.Dir = filepath.Dir(absolute(p.Dir, p.Patterns[0]))
	inner.Patterns = nil
	for _, file := range p.Patterns {
		inner.Patterns = append(inner.Patterns, absolute(p.Dir, file))
	}
	return &inner
}

// hasGoFiles reports whether path is no directory, or one with .go files.
func hasGoFiles(path string) bool {
	if filepath.Ext(path) == ".go" && !isDir(path) {
		return true
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return true // go list says it better
	}
	return slices.ContainsFunc(entries, func(e os.DirEntry) bool {
		return filepath.Ext(e.Name()) == ".go" && !e.IsDir()
	})
}

// notMainError is a Go package that is no program.
type notMainError struct{ name string }

func (e *notMainError) Error() string { return "package " + e.name + " is not a main package" }

// binaryName is the name of the first file, or that of the directory.
func binaryName(dir string, patterns []string) string {
	if filepath.Ext(patterns[0]) == ".go" {
		return strings.TrimSuffix(filepath.Base(patterns[0]), ".go")
	}
	return filepath.Base(dir)
}
