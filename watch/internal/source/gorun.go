package source

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
)

// goRun is go run's command line taken apart.
type goRun struct {
	flags    []string // each with its value after "="
	patterns []string // a package, or .go files
	args     []string // of the program
	// why it is left to go run itself; empty if it can be built and run apart.
	why string
}

// switches are the build flags without a value (go help build).
var switches = map[string]bool{
	"a": true, "n": true, "race": true, "msan": true, "asan": true, "cover": true,
	"v": true, "work": true, "x": true, "json": true, "linkshared": true,
	"modcacherw": true, "trimpath": true, "buildvcs": true,
}

// parseGoRun takes "go run [flags] X [args]" apart, if that is what req is.
func parseGoRun(req Request) (run goRun, ok bool) {
	name := strings.TrimSuffix(filepath.Base(req.Path), ".exe")
	if name != "go" || len(req.Args) == 0 || req.Args[0] != "run" {
		return goRun{}, false
	}
	rest := run.takeFlags(req.Args[1:])
	for len(rest) > 0 && strings.HasSuffix(rest[0], ".go") {
		run.patterns, rest = append(run.patterns, rest[0]), rest[1:]
	}
	if len(run.patterns) == 0 && len(rest) > 0 {
		run.patterns, rest = rest[:1], rest[1:]
	}
	run.args = rest
	switch {
	case len(run.patterns) == 0:
		run.why = "go run without a package"
	case strings.Contains(run.patterns[0], "@"):
		run.why = "go run of a released version"
	}
	return run, true
}

// takeFlags takes the flags off args and returns what follows.
func (run *goRun) takeFlags(args []string) (rest []string) {
	for len(args) > 0 && strings.HasPrefix(args[0], "-") && args[0] != "-" {
		flag := "-" + strings.TrimLeft(args[0], "-")
		args = args[1:]
		if flag == "-" { // "--" ends the flags
			return args
		}
		name, _, hasValue := strings.Cut(flag[1:], "=")
		if !hasValue && !switches[name] && len(args) > 0 {
			flag, args = flag+"="+args[0], args[1:]
		}
		switch name {
		case "C", "exec", "n":
			run.why = "go run -" + name
		case "x", "v", "work", "json": // about the output of a build, not its result
		default:
			run.flags = append(run.flags, flag)
		}
	}
	return args
}

// findGoRun finds the recipe of go run X: X is built once and run directly, so
// that N workers do not build it N times and signals reach the program.
func findGoRun(ctx context.Context, req Request, file string, run goRun) (*Recipe, error) {
	if run.why != "" {
		r := other(req, file, run.why+" is left to the go command")
		r.watchHere(req.Dir, run.why)
		return r, nil
	}
	p, listing, err := findMain(ctx, req, run.patterns, run.flags)
	if err != nil {
		return nil, err
	}
	return &Recipe{
		Kind: GoRun, Args: slices.Clone(run.args), Go: p, Listing: listing,
		subject: strings.Join(run.patterns, " ") + " (go list)",
		Notes:   []string{"go run's program, run directly"},
	}, nil
}
