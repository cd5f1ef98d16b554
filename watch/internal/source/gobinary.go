package source

import (
	"context"
	"debug/buildinfo"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// findBinary finds the recipe of a Go binary. If its source is not found, it is
// run like any other program, and the line says why.
func findBinary(ctx context.Context, req Request, file string, info *buildinfo.BuildInfo) (*Recipe, error) {
	p, listing, why := findBinarySource(ctx, req, file, info)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if why != "" {
		if r := findScript(req, file); r != nil {
			return r, nil // a launcher that is written in Go
		}
		return other(req, file, why), nil
	}
	r := &Recipe{
		Kind: GoBinary, Path: req.Path, File: file, Args: req.Args, Go: p, Listing: listing,
		Scope:   Scope{Files: withTarget(file)},
		subject: shorten(req.Dir, listing.mainDir) + " (build info of " + filepath.Base(file) + ") and the file itself",
	}
	if hasSetting(info, "-trimpath") {
		r.Notes = append(r.Notes, "-ldflags unknown: -trimpath leaves them out of the build info")
	}
	return r, nil
}

// findBinarySource finds what a binary was built of: in the module around it, or
// else in the one around the working directory. why says why not.
func findBinarySource(ctx context.Context, req Request, file string, info *buildinfo.BuildInfo) (p *Package, l *Listing, why string) {
	const unknown = "source unknown: "
	switch {
	case info.Path == "command-line-arguments" || info.Path == "":
		return nil, nil, unknown + "built from single files, which its build info does not name"
	case info.Main.Path == "":
		return nil, nil, unknown + "built outside a module"
	}
	if _, err := exec.LookPath("go"); err != nil {
		return nil, nil, unknown + "the go command is not on PATH"
	}
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		target = file
	}
	for _, dir := range slices.Compact([]string{filepath.Dir(target), filepath.Dir(file), req.Dir}) {
		p := packageOf(info, dir, req.Env)
		listing, err := p.list(ctx)
		if err != nil || listing.mainModule != info.Main.Path {
			continue
		}
		p.Flags = withoutStamp(appendProfile(p.Flags, info, listing.mainDir), listing.goflags)
		p.Name = strings.TrimSuffix(filepath.Base(file), ".exe")
		return p, listing, ""
	}
	return nil, nil, fmt.Sprintf("%sno module %s around it or here", unknown, info.Main.Path)
}

// packageOf returns the package that a binary was built of, as seen from dir,
// and how.
func packageOf(info *buildinfo.BuildInfo, dir string, env []string) *Package {
	p := &Package{Patterns: []string{info.Path}, Dir: dir, Env: slices.Clone(env)}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs" || strings.HasPrefix(s.Key, "vcs.") || s.Key == "DefaultGODEBUG":
		case !strings.HasPrefix(s.Key, "-"):
			p.Env = append(p.Env, s.Key+"="+s.Value)
		case s.Key == "-compiler" && s.Value == "gc" || s.Key == "-buildmode" && s.Value == "exe" || s.Key == "-pgo":
		case s.Value == "true":
			p.Flags = append(p.Flags, s.Key)
		default:
			p.Flags = append(p.Flags, s.Key+"="+s.Value)
		}
	}
	return p
}

// appendProfile adds the profile that guided a binary's optimisation, unless it
// is the one that is used unasked.
func appendProfile(flags []string, info *buildinfo.BuildInfo, mainDir string) []string {
	for _, s := range info.Settings {
		if s.Key == "-pgo" && s.Value != filepath.Join(mainDir, "default.pgo") && exists(s.Value) {
			return append(flags, "-pgo="+s.Value)
		}
	}
	return flags
}

func hasSetting(info *buildinfo.BuildInfo, key string) bool {
	return slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == key })
}
