package cluster

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// framePattern finds where a frame of a stack is: as Go and Node write it, and as
// Python does.
var framePattern = regexp.MustCompile(`(/[^\s:"()]+):(\d+)|File "([^"]+)", line (\d+)`)

// ownFrame returns where in a stack the program's own code was last, and which
// line of the stack says so. Go and Node name the latest frame first, Python last.
func ownFrame(stack []string, dir string) (at BuildError, line int) {
	for i, text := range stack {
		m := framePattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		file, number, latestFirst := m[1], m[2], true
		if file == "" {
			file, number, latestFirst = m[3], m[4], false
		}
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		n, err := strconv.Atoi(number)
		if err != nil || !isOwn(file) {
			continue
		}
		if at, line = (BuildError{File: file, Line: n}), i+1; latestFirst {
			break
		}
	}
	return at, line
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
