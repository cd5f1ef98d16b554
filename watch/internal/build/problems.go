package build

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Problem is a place that a failed build named, with its message.
type Problem struct {
	// File is relative to the working directory where it lies below it; empty
	// for a message about no file.
	File string
	// Line and Column count from 1; 0 is unknown.
	Line, Column int
	// Text is the message, of several lines where the compiler wrote several.
	Text string
}

// Places says how to read an output.
type Places struct {
	// Ran is where the build ran: what its relative paths start from. Dir is
	// the working directory. Both are absolute.
	Ran, Dir string
	// Packages are the directories of packages by import path. What compiles C is
	// run there, and names files as seen from there.
	Packages map[string]string
	// Strict takes only lines that name a file which exists, as befits the
	// output of a program that is not the go command.
	Strict bool
}

// maxProblems bounds what is shown of a build that went wrong everywhere.
const maxProblems = 100

// place matches FILE:LINE:COLUMN: MESSAGE and FILE:LINE: MESSAGE, FILE with an
// extension, which keeps times of day out.
var place = regexp.MustCompile(`^((?:[A-Za-z]:)?[^:]*\.[A-Za-z]\w*):(\d{1,9})(?::(\d{1,9}))?: ?(.*)$`)

// Problems reads the problems out of a build's output.
func (p Places) Problems(output string) []Problem {
	r := reader{places: p}
	for line := range strings.Lines(output) {
		r.line(strings.TrimRight(line, "\r\n"))
		if len(r.found) > maxProblems {
			break
		}
	}
	r.end()
	return r.found[:min(len(r.found), maxProblems)]
}

// reader goes through the lines of an output.
type reader struct {
	places Places
	found  []Problem
	pkg    string // the directory of the package that the lines are about, if known
	// open says that a line may belong to the last problem found.
	open bool
}

func (r *reader) line(line string) {
	line = strings.TrimPrefix(line, "vet: ")
	switch {
	case strings.TrimSpace(line) == "":
		r.open = false
	case strings.HasPrefix(line, "# "): // the package that the next lines are about
		r.open = false
		r.pkg = r.places.Packages[strings.TrimPrefix(line, "# ")]
	case skipped(line):
	case line[0] == '\t' || line[0] == ' ':
		r.more(strings.TrimPrefix(line, "\t"))
	default:
		if !r.place(line) {
			r.other(line)
		}
	}
}

// skipped reports whether a line says nothing about the source.
func skipped(line string) bool {
	switch line {
	case "compilation terminated.", "too many errors":
		return true
	}
	return strings.HasPrefix(line, "go: downloading ") || strings.HasPrefix(line, "In file included from ")
}

// place takes a line that names a place.
func (r *reader) place(line string) bool {
	m := place.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	file, text := r.named(m[1]), strings.TrimSpace(m[4])
	switch {
	case text == "too many errors":
		r.open = false
		return true
	case strings.HasPrefix(text, "note: ") && r.open:
		r.more(line)
		return true
	case r.places.Strict && !r.places.exist(file):
		return false
	}
	if r.open && r.last().File == "" && strings.HasSuffix(r.last().Text, ":") {
		r.found = r.found[:len(r.found)-1] // "go: errors parsing go.mod:"
	}
	r.found = append(r.found, Problem{
		File: r.places.file(file), Line: number(m[2]), Column: number(m[3]),
		Text: strings.TrimPrefix(text, "error: "),
	})
	r.open = true
	return true
}

// named returns a file as seen from where the build ran, if it can be told.
func (r *reader) named(file string) string {
	if r.pkg == "" || filepath.IsAbs(file) || r.places.exist(file) {
		return file
	}
	if inside := filepath.Join(r.pkg, file); r.places.exist(inside) {
		return inside
	}
	return file
}

// other takes a line about no place: of the linker, of the go command.
func (r *reader) other(line string) {
	if r.places.Strict {
		r.open = false
		return
	}
	if r.open && r.last().File == "" {
		r.more(line)
		return
	}
	r.found = append(r.found, Problem{Text: line})
	r.open = true
}

// more adds a line to the last problem. One of another's that has none stands
// for itself.
func (r *reader) more(line string) {
	switch {
	case r.open && strings.Count(r.last().Text, "\n") < 20:
		r.last().Text += "\n" + line
	case !r.open && !r.places.Strict:
		r.found = append(r.found, Problem{Text: strings.TrimSpace(line)})
		r.open = true
	}
}

func (r *reader) last() *Problem { return &r.found[len(r.found)-1] }

// end trims the messages.
func (r *reader) end() {
	for i := range r.found {
		r.found[i].Text = strings.TrimSpace(r.found[i].Text)
	}
}

// file returns a file as it is shown.
func (p Places) file(name string) string {
	if strings.HasPrefix(name, "$") { // as $WORK/b001/_cgo_main.c
		return name
	}
	path := p.absolute(name)
	rel, err := filepath.Rel(p.Dir, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return path
	}
	return rel
}

func (p Places) absolute(name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(p.Ran, name)
}

func (p Places) exist(name string) bool {
	info, err := os.Stat(p.absolute(name))
	return err == nil && !info.IsDir()
}

// number returns a decimal number, 0 for none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
