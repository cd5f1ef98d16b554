package source

import (
	"bufio"
	"bytes"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"slices"
	"strings"
)

// shape is what of a .go file decides which other files are linked in: its
// package, build constraint, imports and embed patterns.
type shape struct{ text string }

// readShape returns the shape of a file. ok is false if it cannot be read, or
// its head is not Go at the moment.
func readShape(file string) (s shape, ok bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return shape{}, false
	}
	f, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return shape{}, false
	}
	lines := append(imports(f), constraints(f)...)
	lines = append(lines, embedLines(text)...)
	slices.Sort(lines)
	return shape{f.Name.Name + "\n" + strings.Join(slices.Compact(lines), "\n")}, true
}

func imports(f *ast.File) (lines []string) {
	for _, i := range f.Imports {
		lines = append(lines, "import "+i.Path.Value)
	}
	return lines
}

// constraints returns the build constraints, which stand before the package
// clause (go help buildconstraint).
func constraints(f *ast.File) (lines []string) {
	for _, group := range f.Comments {
		for _, c := range group.List {
			if c.Pos() < f.Package && (constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text)) {
				lines = append(lines, c.Text)
			}
		}
	}
	return lines
}

// embedLines returns the embed directives. One in a string would be found too,
// which costs a listing and nothing else.
func embedLines(text []byte) (lines []string) {
	if !bytes.Contains(text, []byte("//go:embed")) {
		return nil
	}
	for scan := bufio.NewScanner(bytes.NewReader(text)); scan.Scan(); {
		if line := strings.TrimSpace(scan.Text()); strings.HasPrefix(line, "//go:embed") {
			lines = append(lines, line)
		}
	}
	return lines
}
