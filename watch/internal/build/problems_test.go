package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var here = Places{Ran: "/src/app/inner", Dir: "/src/app"}

func TestProblems(t *testing.T) {
	for _, tt := range []struct {
		name, output string
		want         []Problem
	}{
		{"one", "# example.com/app\n./main.go:5:2: undefined: x\n", []Problem{{"inner/main.go", 5, 2, "undefined: x"}}},
		{"several lines", "# example.com/app\n./main.go:7:4: cannot use x as y in argument to f\n\thave (int)\n\twant (string)\n./b.go:1:1: other\n", []Problem{
			{"inner/main.go", 7, 4, "cannot use x as y in argument to f\nhave (int)\nwant (string)"},
			{"inner/b.go", 1, 1, "other"},
		}},
		{"above the working directory", "../../lib/lib.go:3:9: x\n/src/app/inner/z.go:3:9: y\n", []Problem{
			{"/src/lib/lib.go", 3, 9, "x"}, {"inner/z.go", 3, 9, "y"},
		}},
		{"too many", "# p\n./a.go:1:1: x\n./a.go:2:1: too many errors\n", []Problem{{"inner/a.go", 1, 1, "x"}}},
		{"too many without a column", "# p\n./a.go:1:1: x\ntoo many errors\n", []Problem{{"inner/a.go", 1, 1, "x"}}},
		{"vet", "# [example.com/app]\nvet: ./a.go:1:1: x\n", []Problem{{"inner/a.go", 1, 1, "x"}}},
		{"missing module", "go: downloading example.com/y v1.0.0\nmain.go:4:2: no required module provides package example.com/y; to add it:\n\tgo get example.com/y\n", []Problem{
			{"inner/main.go", 4, 2, "no required module provides package example.com/y; to add it:\ngo get example.com/y"},
		}},
		{"go.mod", "go: errors parsing go.mod:\ngo.mod:5: unknown directive: foo\n", []Problem{{"inner/go.mod", 5, 0, "unknown directive: foo"}}},
		{"import cycle", "package example.com/app\n\timports example.com/app/a\n\timports example.com/app/b: import cycle not allowed\n", []Problem{
			{"", 0, 0, "package example.com/app\nimports example.com/app/a\nimports example.com/app/b: import cycle not allowed"},
		}},
		{"linker", "# example.com/app\nruntime.main_main·f: function main is undeclared in the main package\n", []Problem{
			{"", 0, 0, "runtime.main_main·f: function main is undeclared in the main package"},
		}},
		{"external linker", "# example.com/app\n/go/link: running gcc failed: exit status 1\n/usr/bin/ld: /tmp/go.o: in function `f':\nmain.c:(.text+0x5): undefined reference to `g'\n\n# other\n./a.go:1:1: x\n", []Problem{
			{"", 0, 0, "/go/link: running gcc failed: exit status 1\n/usr/bin/ld: /tmp/go.o: in function `f':\nmain.c:(.text+0x5): undefined reference to `g'"},
			{"inner/a.go", 1, 1, "x"},
		}},
		{"cgo", "# example.com/app\nIn file included from _cgo_export.c:3:\nmain.go:5:10: fatal error: nope.h: No such file or directory\n    5 | #include <nope.h>\n      |          ^~~~~~~~\ncompilation terminated.\n", []Problem{
			{"inner/main.go", 5, 10, "fatal error: nope.h: No such file or directory\n    5 | #include <nope.h>\n      |          ^~~~~~~~"},
		}},
		{"C with a note", "./a.c: In function 'f':\na.c:3:1: error: x\na.c:1:1: note: y\n", []Problem{
			{"inner/a.c", 3, 1, "x\na.c:1:1: note: y"},
		}},
		{"work directory", "$WORK/b001/_cgo_main.c:1:2: x\n", []Problem{{"$WORK/b001/_cgo_main.c", 1, 2, "x"}}},
		{"Windows line ends", "a.go:1:2: x\r\n\tmore\r\n", []Problem{{"inner/a.go", 1, 2, "x\nmore"}}},
		{"time of day", "12:30:05: begin\n", []Problem{{"", 0, 0, "12:30:05: begin"}}},
		{"nothing", "", nil},
	} {
		if diff := cmp.Diff(tt.want, here.Problems(tt.output)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestProblemsAreBounded(t *testing.T) {
	found := here.Problems(strings.Repeat("a.go:1:1: x\n", 1000))
	if len(found) != maxProblems {
		t.Errorf("%d problems", len(found))
	}
}

// TestStrictProblems: of another program's output, only what names a file that
// is there.
func TestStrictProblems(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "app.ts"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p := Places{Ran: dir, Dir: dir, Strict: true}
	got := p.Problems("compiling\napp.ts:3:1: expected ;\n  here\nexample.com:80: refused\ngone.ts:1:1: x\n")
	want := []Problem{{"app.ts", 3, 1, "expected ;\n  here"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestProblemsOfC: its compiler is run in the directory of the package.
func TestProblemsOfC(t *testing.T) {
	dir := t.TempDir()
	c := filepath.Join(dir, "c")
	for _, file := range []string{filepath.Join(dir, "main.go"), filepath.Join(c, "x.c")} {
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := Places{Ran: dir, Dir: dir, Packages: map[string]string{"app/c": c}}
	got := p.Problems("# app/c\nx.c:1:18: error: x\ngone.c:1:1: error: y\n./main.go:1:2: z\n# app\nx.c:1:1: v\n")
	want := []Problem{{filepath.Join("c", "x.c"), 1, 18, "x"}, {"gone.c", 1, 1, "y"}, {"main.go", 1, 2, "z"}, {"x.c", 1, 1, "v"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// FuzzProblems: whatever a build writes, the problems are bounded and say
// something that stood in it.
func FuzzProblems(f *testing.F) {
	f.Add("# p\n./main.go:5:2: undefined: x\n\thave (int)\n", false)
	f.Add("go: errors parsing go.mod:\ngo.mod:5: unknown\n", false)
	f.Add("a.c:3:1: error: x\na.c:1:1: note: y\nC:\\x\\y.go:1:1: z", true)
	f.Fuzz(func(t *testing.T, output string, strict bool) {
		p := here
		p.Strict = strict
		found := p.Problems(output)
		if len(found) > maxProblems {
			t.Errorf("%d problems", len(found))
		}
		for _, one := range found {
			first, _, _ := strings.Cut(one.Text, "\n")
			if !strings.Contains(output, first) {
				t.Errorf("%q is not in the output", first)
			}
			if one.File == "" && (one.Line != 0 || one.Column != 0) || one.Line < 0 || one.Column < 0 {
				t.Errorf("%+v is no place", one)
			}
			if utf8.ValidString(output) && !utf8.ValidString(one.Text) {
				t.Errorf("%q is cut", one.Text)
			}
		}
	})
}
