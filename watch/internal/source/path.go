package source

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// absolute returns path as seen from dir.
func absolute(dir, path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

// shorten returns path relative to dir, as one would type it, if it lies there.
func shorten(dir, path string) string {
	switch rel, ok := below(dir, path); {
	case !ok:
		return path
	case rel == ".":
		return "."
	default:
		return "." + string(filepath.Separator) + rel
	}
}

// below returns path relative to dir, if it is dir or lies in it.
func below(dir, path string) (rel string, ok bool) {
	rel, err := filepath.Rel(dir, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return rel, true
}

// isPath reports whether command is looked for where it says and not on PATH.
func isPath(command string) bool {
	return command == "." || command == ".." || strings.ContainsAny(command, "/"+string(filepath.Separator))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func plural(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// InDir returns an environment for a command that runs in dir. With PWD wrong,
// the go command would name files by another way that leads to them.
func InDir(env []string, dir string) []string { return append(slices.Clone(env), "PWD="+dir) }
