package build

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
)

// TestHashLeavesOutIdentity: a comment makes another file of the same hash, for
// every system's format; other code makes another hash.
func TestHashLeavesOutIdentity(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "main.go")
	compile := func(goos, text string) (content string, hash Hash) {
		t.Helper()
		if err := os.WriteFile(path, []byte("package main\n\nfunc main() { println(1) }\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command("go", "build", "-o", "out", "main.go")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		binary, err := os.ReadFile(filepath.Join(dir, "out"))
		if err != nil {
			t.Fatal(err)
		}
		hash, err = HashFile(filepath.Join(dir, "out"))
		if err != nil {
			t.Fatal(err)
		}
		return string(binary), hash
	}
	for _, goos := range []string{"linux", "windows"} {
		before, hash := compile(goos, "")
		after, same := compile(goos, "// a comment\n")
		if before == after {
			t.Errorf("%s: the comment makes no other file, so this tests nothing", goos)
		}
		if hash != same {
			t.Errorf("%s: the comment makes another hash", goos)
		}
		if _, other := compile(goos, "func init() { println(2) }\n"); other == hash {
			t.Errorf("%s: other code has the same hash", goos)
		}
	}
}

// TestMasked: however the reads fall, the gaps are zero and the rest is not.
func TestMasked(t *testing.T) {
	text := strings.Repeat("x", 100)
	want := strings.Repeat("x", 10) + strings.Repeat("\x00", 5) + strings.Repeat("x", 75) + strings.Repeat("\x00", 10)
	for name, r := range map[string]io.Reader{
		"whole": strings.NewReader(text), "byte by byte": iotest.OneByteReader(strings.NewReader(text)),
		"half reads": iotest.HalfReader(strings.NewReader(text)),
	} {
		got, err := io.ReadAll(&masked{r: r, gaps: []gap{{10, 15}, {90, 110}}})
		if err != nil || !bytes.Equal(got, []byte(want)) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
