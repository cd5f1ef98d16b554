package source

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Find finds the recipe of a command line. An error is one sentence for the
// user, or that of ctx.
func Find(ctx context.Context, req Request) (*Recipe, error) {
	r, err := find(ctx, req)
	if err != nil {
		return nil, err
	}
	r.off = req.Off
	if err := r.override(req); err != nil {
		return nil, err
	}
	return r, nil
}

// find finds the recipe without what the user overrides.
func find(ctx context.Context, req Request) (*Recipe, error) {
	if files := goFiles(req); len(files) > 0 {
		return findPackage(ctx, req, files, req.Args[len(files)-1:])
	}
	if isGoDir(req) {
		return findPackage(ctx, req, []string{rooted(req.Path)}, req.Args)
	}
	file, err := Locate(req.Dir, req.Path)
	if err == nil {
		err = checkImage(req.Path, file)
	}
	if err != nil {
		if req.Build != "" {
			return unbuilt(req), nil // the first build makes it
		}
		return nil, err
	}
	if run, ok := parseGoRun(req); ok {
		return findGoRun(ctx, req, file, run)
	}
	info, err := buildinfo.ReadFile(file)
	if err == nil {
		return findBinary(ctx, req, file, info)
	}
	if r := findScript(req, file); r != nil {
		return r, nil
	}
	return other(req, file), nil
}

// other is the recipe of a program of which nothing is known but its file.
func other(req Request, file string, notes ...string) *Recipe {
	return &Recipe{
		Kind: Other, Path: req.Path, File: file, Args: req.Args, Notes: notes,
		Scope:   Scope{Files: withTarget(file)},
		subject: "the file " + shorten(req.Dir, file) + " alone",
	}
}

// withTarget returns a file and, if that is a symlink, what it points to.
func withTarget(file string) []string {
	target, err := filepath.EvalSymlinks(file)
	if err != nil || target == file {
		return []string{file}
	}
	return []string{file, target}
}

// unbuilt is the recipe of a program that does not exist before its first build.
func unbuilt(req Request) *Recipe {
	r := &Recipe{Kind: Other, Path: req.Path, Args: req.Args}
	if isPath(req.Path) {
		r.File = absolute(req.Dir, req.Path)
	}
	return r
}

// override applies --watch-dir and --build.
func (r *Recipe) override(req Request) error {
	if req.Build != "" {
		if err := r.overrideBuild(req); err != nil {
			return err
		}
	}
	if len(req.Dirs) == 0 {
		return nil
	}
	r.Listing, r.Scope.Trees = nil, nil
	for _, dir := range req.Dirs {
		path := absolute(req.Dir, dir)
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("--watch-dir %s does not exist: check the path", dir)
		}
		if !info.IsDir() {
			return fmt.Errorf("--watch-dir %s is not a directory", dir)
		}
		r.Scope.Trees = append(r.Scope.Trees, path)
	}
	r.subject = strings.Join(req.Dirs, ", ") + " (--watch-dir)"
	return nil
}

// overrideBuild has the user's command build. Where no source is known, it is
// taken to be in the working directory. What the build makes is not watched:
// each build would start the next.
func (r *Recipe) overrideBuild(req Request) error {
	if r.Kind == GoPackage || r.Kind == GoRun {
		return fmt.Errorf("--build makes a program: name that, as in gcl-tui --build %q ./bin/server, and not Go source", req.Build)
	}
	r.Shell = req.Build
	if r.Kind == Script {
		// The build may make the script, as dist/app.js, and what lies beside it: it
		// counts only where the rules of its tree have it count, or each build would
		// start another.
		if len(r.Scope.Trees) > 0 {
			r.Scope.Files = nil
		}
		r.Scope.Trees = slices.DeleteFunc(r.Scope.Trees, func(tree string) bool { return tree == r.beside })
		return nil
	}
	r.Scope.Files, r.Notes = nil, nil // the notes are about how the program was built
	if r.Listing == nil {
		r.watchHere(req.Dir, "--build")
	}
	if r.File != "" {
		r.Scope.Except = withTarget(r.File)
	}
	return nil
}
