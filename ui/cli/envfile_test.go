package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadEnvFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "env")
	const text = "\ufeffA=1\n" + `
# a comment
export B = two words
C='single # $quoted'
D="line\nbreak \"and\" more"
E=
F=a=b # no comment
` + "G=windows\r\n" + `H=last line without end`
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readEnvFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"A=1", "B=two words", "C=single # $quoted", "D=line\nbreak \"and\" more",
		"E=", "F=a=b # no comment", "G=windows", "H=last line without end",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadEnvFileSaysWhere(t *testing.T) {
	for text, want := range map[string]string{
		"A=1\nnonsense\n":   ":2: want NAME=VALUE",
		"=value":            ":1: want NAME=VALUE",
		"A=\"open":          ":1: the quote is not closed on this line",
		"A='":               ":1: the quote is not closed on this line",
		`A="\q"`:            `:1: bad escape between double quotes: write \\ for a backslash`,
		"A B=1":             ":1: want NAME=VALUE",
		"A=1\n\n\nB=\x00\n": ":4: want NAME=VALUE",
	} {
		name := filepath.Join(t.TempDir(), "env")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readEnvFile(name)
		if err == nil || !strings.HasSuffix(err.Error(), name+want) {
			t.Errorf("%q: got %v, want it to end in %q", text, err, want)
		}
	}
}

// FuzzParseVariable checks that a line gives nothing, an error, or one variable
// that a process can be started with.
func FuzzParseVariable(f *testing.F) {
	for _, seed := range []string{"A=1", "export A='x'", `A="\x41"`, "# no", "A = b", "\ufeffA=\"\"", "export =1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		got, err := parseVariable(line)
		if err != nil || got == "" {
			return
		}
		if name, _, ok := strings.Cut(got, "="); !ok || name == "" || strings.ContainsRune(got, 0) {
			t.Errorf("%q gave %q", line, got)
		}
	})
}
