package source

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// listFields are what is wanted of go list. Naming them spares it the rest.
const listFields = "-json=ImportPath,Name,Dir,DepOnly,Standard,Module,GoFiles,CgoFiles,IgnoredGoFiles,EmbedPatterns,EmbedFiles,Error"

// goPackage is a package as go list describes it.
type goPackage struct {
	ImportPath, Name, Dir             string
	DepOnly, Standard                 bool
	Module                            *goModule
	GoFiles, CgoFiles, IgnoredGoFiles []string
	EmbedPatterns, EmbedFiles         []string
	Error                             *struct{ Err string }
}

// goModule is a module as go list describes it.
type goModule struct {
	Path, Dir, GoMod, Version string
	Main                      bool
	Replace                   *goModule
}

// local reports whether the package's files are the user's to change: it is of no
// module, or of one that is the main one, one of the workspace, replaced by a
// directory, or vendored. Of a vendored module go list names no directory.
func (p *goPackage) local() bool {
	m := p.Module
	return !p.Standard &&
		(m == nil || m.Main || m.Replace != nil && m.Replace.Version == "" || m.Dir == "" && p.Dir != "")
}

// List finds what is linked into p. If the error is that of ctx, it was not
// found out; any other error says what is wrong with the source.
func (p *Package) List(ctx context.Context) (*Listing, error) { return p.list(ctx) }

func (p *Package) list(ctx context.Context) (*Listing, error) {
	began := time.Now()
	var env goEnv
	var envErr error
	var asked sync.WaitGroup
	asked.Go(func() { env, envErr = p.goEnv(ctx) })
	packages, err := p.goList(ctx)
	asked.Wait()
	if err := errors.Join(err, envErr); err != nil {
		return nil, err
	}
	root, err := mainOf(packages)
	if err != nil {
		return nil, err
	}
	return newListing(p, root, packages, env, began), nil
}

// goList runs go list. With -e, what cannot be found is listed with its error.
func (p *Package) goList(ctx context.Context) ([]*goPackage, error) {
	args := append([]string{"list", "-e", "-deps", listFields}, listFlags(p.Flags)...)
	out, err := p.goCommand(ctx, append(args, p.Patterns...)...)
	if err != nil {
		return nil, err
	}
	var packages []*goPackage
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var one goPackage
		switch err := d.Decode(&one); {
		case errors.Is(err, io.EOF):
			return packages, nil
		case err != nil:
			return nil, fmt.Errorf("go list: %w", err)
		}
		packages = append(packages, &one)
	}
}

// goEnv is what is wanted of go env, which knows what go env -w has set.
type goEnv struct{ GOMOD, GOWORK, GOFLAGS string }

func (p *Package) goEnv(ctx context.Context) (goEnv, error) {
	var env goEnv
	out, err := p.goCommand(ctx, "env", "-json", "GOMOD", "GOWORK", "GOFLAGS")
	if err != nil {
		return env, err
	}
	if err := json.Unmarshal(out, &env); err != nil {
		return env, fmt.Errorf("go env: %w", err)
	}
	return env, nil
}

// goCommand runs the go command and returns what it writes to stdout.
func (p *Package) goCommand(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	var complaint strings.Builder
	cmd.Dir, cmd.Env, cmd.Stderr = p.Dir, InDir(p.Env, p.Dir), &complaint
	cmd.WaitDelay = time.Second // it may have children that hold the pipe
	out, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil && complaint.Len() > 0:
		return nil, errors.New(firstLine(complaint.String()))
	case err != nil:
		return nil, fmt.Errorf("go %s: %w", args[0], err)
	}
	return out, nil
}

// mainOf returns the package that was asked for.
func mainOf(packages []*goPackage) (*goPackage, error) {
	for _, p := range packages {
		switch {
		case p.DepOnly:
		case p.Name == "main":
			return p, nil
		case p.Name != "":
			return nil, &notMainError{p.Name}
		case p.Error != nil:
			return nil, errors.New(firstLine(p.Error.Err))
		}
	}
	return nil, errors.New("no Go package")
}

// listFlags returns those build flags that decide what is linked in. The others
// would make go list do more.
func listFlags(flags []string) (some []string) {
	for _, flag := range flags {
		name, _, _ := strings.Cut(strings.TrimLeft(flag, "-"), "=")
		switch name {
		case "tags", "race", "msan", "asan", "mod", "modfile", "overlay", "compiler":
			some = append(some, flag)
		}
	}
	return some
}
