package source

import (
	"os"
	"path/filepath"
	"strings"
)

// findScript finds the recipe of an interpreter with a script, of a script with
// a #! line, or of a launcher; nil if it is none of them.
func findScript(req Request, file string) *Recipe {
	r := &Recipe{Kind: Script, Path: req.Path, File: file, Args: req.Args}
	command, args := skipEnv(req)
	name := programName(command)
	if name == "php" {
		if _, serves := value(args, "-S"); serves {
			r.watchDocroot(req, args)
			return r
		}
	}
	if i, ok := interpreters[name]; ok {
		script, inline := i.script(args)
		r.watchScript(req, typedName(command), script, inline)
		return r
	}
	if has(launchers, name) {
		r.watchHere(req.Dir, typedName(command)+" runs what is here")
		return r
	}
	if head, ok := readHead(file); ok {
		if _, ok := interpreterLine(head); ok {
			r.watchExecutable(req, file)
			return r
		}
	}
	return nil
}

// skipEnv returns the command line that "env [K=V...] COMMAND" runs.
func skipEnv(req Request) (command string, args []string) {
	if programName(req.Path) != "env" {
		return req.Path, req.Args
	}
	for n, arg := range req.Args {
		if !strings.Contains(arg, "=") && !strings.HasPrefix(arg, "-") {
			return arg, req.Args[n+1:]
		}
	}
	return req.Path, req.Args
}

// watchScript has the tree of an interpreter's script watched; without one, the
// working directory's, where its modules most likely are.
func (r *Recipe) watchScript(req Request, name, script, inline string) {
	switch path := scriptFile(req.Dir, script); {
	case inline != "":
		r.watchHere(req.Dir, name+" "+inline+", so the code is taken to be here")
	case script == "":
		r.watchHere(req.Dir, "no script in "+name+"'s arguments, so the code is taken to be here")
	case path == "":
		r.watchHere(req.Dir, script+" is no file, so the code is taken to be here")
	case isDir(path):
		r.watchTree(req.Dir, path, name+" "+script)
	default:
		r.watchAround(req.Dir, path, name+" "+script)
	}
}

// scriptFile returns the file or directory that a script's name stands for,
// empty if there is none. Node adds an extension.
func scriptFile(dir, script string) string {
	if script == "" {
		return ""
	}
	for _, extension := range []string{"", ".js", ".mjs", ".cjs", ".ts"} {
		if path := absolute(dir, script+extension); exists(path) {
			return path
		}
	}
	return ""
}

// watchDocroot has watched what PHP's own server serves.
func (r *Recipe) watchDocroot(req Request, args []string) {
	root := req.Dir
	if dir, ok := value(args, "-t"); ok {
		root = absolute(req.Dir, dir)
	}
	router, _ := interpreters["php"].script(args)
	if path := scriptFile(req.Dir, router); path != "" {
		if _, inside := below(root, path); !inside {
			r.watchAround(req.Dir, path, "php -S "+router)
			if _, inside := below(req.Dir, root); inside && r.Scope.Trees != nil {
				return // the working directory's tree, which has the root in it
			}
		}
	}
	r.watchTree(req.Dir, root, "the root of php -S")
}

// watchExecutable has the tree of a script with a #! line watched. One that was
// found on PATH is a tool in a directory of tools: it runs what is here.
func (r *Recipe) watchExecutable(req Request, file string) {
	if isPath(req.Path) {
		r.watchAround(req.Dir, file, "script "+req.Path)
		return
	}
	r.watchHere(req.Dir, req.Path+" is a script on PATH, so the code is taken to be here")
	r.Scope.Files = append(r.Scope.Files, withTarget(file)...)
}

// watchAround has the tree watched that a script belongs to: the working
// directory's if it lies there, else that of its own directory. The latter is
// named in any case: it may be one that is left out, as dist of dist/app.js.
func (r *Recipe) watchAround(dir, script, why string) {
	r.Scope.Files = append(r.Scope.Files, withTarget(script)...)
	beside := filepath.Dir(script)
	if _, ok := below(dir, script); !ok || tooWide(dir) {
		r.watchTree(dir, beside, why)
		return
	}
	r.watchTree(dir, dir, why)
	if beside != dir {
		r.Scope.Trees = append(r.Scope.Trees, beside)
		r.beside = beside
	}
}

// watchHere has the tree of the working directory watched.
func (r *Recipe) watchHere(dir, why string) { r.watchTree(dir, dir, why) }

// watchTree has a tree watched, unless it is one that a program's code would be
// lost in.
func (r *Recipe) watchTree(dir, root, why string) {
	if !tooWide(root) {
		r.Scope.Trees = append(r.Scope.Trees, root)
		r.subject = "the tree of " + shorten(dir, root) + " (" + why + ")"
		return
	}
	if len(r.Scope.Files) == 0 && r.File != "" && r.Shell == "" {
		r.Scope.Files = withTarget(r.File)
	}
	r.subject = "no tree, " + root + " is too wide; say which with --watch-dir"
	if len(r.Scope.Files) > 0 {
		r.subject = "the file " + shorten(dir, r.Scope.Files[0]) + " alone, " + root + " is too wide; say what with --watch-dir"
	}
}

// tooWide reports whether a directory is no project: the root, a temporary
// directory, the user's home or what that lies in.
func tooWide(dir string) bool {
	if filepath.Dir(dir) == dir || dir == filepath.Clean(os.TempDir()) {
		return true
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return false
	}
	_, above := below(dir, filepath.Clean(home))
	return above
}
