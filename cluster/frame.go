package cluster

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// framePatterns find where a frame of a stack is: as Go and Node write it, the same
// where the path has spaces or parentheses in it, and as Python does.
var framePatterns = [...]*regexp.Regexp{
	regexp.MustCompile(`(/[^\s:"()]+):(\d+)`),
	regexp.MustCompile(`(/[^:"]+):(\d+)`),
	regexp.MustCompile(`File "([^"]+)", line (\d+)`),
}

// pythons is the index of Python's pattern.
const pythons = len(framePatterns) - 1

// ownFrame returns where in a stack the program's own code was last, and which
// line of the stack says so. Go and Node name the latest frame first, Python last.
func ownFrame(stack []string, dir string) (at BuildError, line int) {
	for i, text := range stack {
		for p, pattern := range framePatterns {
			own, ok := ownPlace(pattern.FindStringSubmatch(text), dir)
			if !ok {
				continue
			}
			if at, line = own, i+1; p != pythons {
				return at, line
			}
		}
	}
	return at, line
}

// ownPlace returns the place that a frame pattern has found, if it is in the
// program's own code.
func ownPlace(match []string, dir string) (at BuildError, ok bool) {
	if match == nil {
		return at, false
	}
	line, err := strconv.Atoi(match[2])
	if err != nil {
		return at, false
	}
	file := filepath.Clean(match[1]) // a URL has more slashes
	if !filepath.IsAbs(file) {
		file = filepath.Join(dir, file)
	}
	if isOwn(file) {
		return BuildError{File: file, Line: line}, true
	}
	// Node names a module by its URL.
	if path, err := url.PathUnescape(file); err == nil && path != file && isOwn(path) {
		return BuildError{File: path, Line: line}, true
	}
	return at, false
}

// foreign are parts of the paths of what others have written.
var foreign = []string{"/pkg/mod/", "/vendor/", "/node_modules/", "/site-packages/", "/dist-packages/", "/lib/python"}

// isOwn says whether a file is there and not of a dependency or of the language.
func isOwn(file string) bool {
	for _, part := range foreign {
		if strings.Contains(file, part) {
			return false
		}
	}
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular() && !inGoRoot(file)
}

// inGoRoot says whether a file is of Go's own source: that lies in src, beside
// which a file says the version.
func inGoRoot(file string) bool {
	root, _, found := strings.Cut(file, "/src/")
	if !found {
		return false
	}
	_, err := os.Stat(filepath.Join(root, "VERSION"))
	return err == nil
}

// relativeTo returns a file's path as seen from dir, if it lies below it.
func relativeTo(dir, file string) string {
	if below, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(below) {
		return below
	}
	return file
}
