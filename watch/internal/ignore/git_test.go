package ignore

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sample are the paths that rules are tried on; those with a slash at the end are
// directories.
var sample = []string{
	"a", "b.go", "foo", "foobar", "fooxbar", "dist/", "dist/x", "dist/y/", "dist/y/z.js", ".env", "x y", "trail ", "#c", "!n", "a-b", "]", "[", "ABC", "a\\b",
	"foo.d/", "foo.d/bar", "foo.d/foo", "d/", "d/foo", "d/bar.go", "d/e/", "d/e/foo", "d/e/bar.go", "d/e/f/", "d/e/f/foo", "d/e/f/g.log", "é", "d/é.txt",
}

// inGit makes the sample in a repository of its own.
func inGit(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	git(tb, dir, nil, "init", "-q")
	for _, path := range sample {
		at := filepath.Join(dir, filepath.FromSlash(path))
		if strings.HasSuffix(path, "/") {
			if err := os.MkdirAll(at, 0o755); err != nil {
				tb.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(at, nil, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func git(tb testing.TB, dir string, in []byte, args ...string) string {
	tb.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "HOME="+dir, "XDG_CONFIG_HOME="+dir)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	// Status 1 of check-ignore says that nothing is ignored.
	if exit := new(exec.ExitError); err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		tb.Fatalf("git %s: %v\n%s", args, err, exit.Stderr)
	}
	return string(out)
}

// gitIgnores asks git which paths of the sample it ignores.
func gitIgnores(tb testing.TB, dir, outer, inner string) []string {
	tb.Helper()
	for path, text := range map[string]string{".gitignore": outer, "d/.gitignore": inner} {
		if err := os.WriteFile(filepath.Join(dir, path), []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	var in []byte
	for _, path := range sample {
		in = append(append(in, strings.TrimSuffix(path, "/")...), 0)
	}
	out := git(tb, dir, in, "check-ignore", "--no-index", "--stdin", "-z")
	return slices.Sorted(strings.FieldsFuncSeq(out, func(r rune) bool { return r == 0 }))
}

// weIgnore walks the sample as a watcher does.
func weIgnore(dir, outer, inner string) []string {
	top := New(nil, dir, Lines([]byte(outer)))
	below := New(top, filepath.Join(dir, "d"), Lines([]byte(inner)))
	out := map[string]bool{}
	for _, path := range sample {
		clean := strings.TrimSuffix(path, "/")
		rules := top
		if strings.HasPrefix(clean, "d/") {
			rules = below
		}
		up, _, found := cutLast(clean)
		out[clean] = found && out[up] || rules.Decide(filepath.Join(dir, filepath.FromSlash(clean)), clean != path) == Ignore
	}
	var paths []string
	for path, ignored := range out {
		if ignored {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

func cutLast(path string) (up, name string, found bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", path, false
	}
	return path[:i], path[i+1:], true
}

// FuzzLikeGit compares with git check-ignore. Its seeds are the table of what
// gitignore(5) promises, and of what git does beyond that.
func FuzzLikeGit(f *testing.F) {
	for _, rules := range []string{
		"foo", "/foo", "foo/", "d/", "d/foo", "/d/foo", "*.go", "*.log", "**", "*", "/*", "*/", "?", "a?b",
		"**/foo", "foo/**", "d/**", "d/**/foo", "**/e/**", "d/*/foo", "d/*", "foo**bar", "foo**/bar", "d/**foo", "**foo", "d/e/**/", "***", "d/***/foo", "**/", "/**/foo", "/**",
		"*\n!d\n!*.go", "d/*\n!d/e", "*\n!foo\n!/d/", "!foo", "foo\n!foo", "dist\n!dist/x", "dist/*\n!dist/x",
		"# comment", "\\#c", "\\!n", "!", "/", "//", "foo//", "!/", "", " ", "trail ", "trail\\ ", "x y", "foo ", "foo\\", "foo\t", "foo\r\nb.go\r\n", "\ufefffoo", "foo\x00bar",
		"[a-c]", "[!a]", "[^a]", "[]]", "[[]", "[a", "[]", "[]-a]", "[a\\-z]", "[a-]", "[-a]", "[[:alpha:]]", "[[:upper:]]*", "[[:bogus:]]", "[[:alpha:]", "[[:alpha]", "[[:", "[a-[:digit:]]",
		"[!]a]", "[\\]]", "[--0]", "a[-]b", "a[+--]b", "a[/]b", "d[/]foo", "d?foo", "d*foo", "\\a", "a\\\\b", "[\\\\]", "a[\\\\]b", "é", "??", "d/??.txt", "d/[!a].txt", "\\*", "*\\", "**\\/foo", "d\\/foo", "d/**\\/foo", "*x*bar", "*o*", "f*o", "[a-c][a-c]", "*.d/*", "/d/e/f/../foo", "./foo", "d//foo",
	} {
		f.Add(rules, "")
		f.Add("", rules)
		f.Add("*", "!"+rules)
		f.Add("foo\n*.go", rules+"\n!foo")
	}
	dir := inGit(f)
	f.Fuzz(func(t *testing.T, outer, inner string) {
		want := gitIgnores(t, dir, outer, inner)
		if got := weIgnore(dir, outer, inner); !slices.Equal(got, want) {
			t.Errorf("with %q, and %q in d:\nignored %q\n  by git %q", outer, inner, got, want)
		}
	})
}
