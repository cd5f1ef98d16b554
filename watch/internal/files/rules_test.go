package files

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestRules writes files under ignore rules; those that count are the changes.
func TestRules(t *testing.T) {
	for name, c := range map[string]struct {
		options Options
		match   func(string) bool
		rules   map[string]string
		counts  []string
		ignored []string
	}{
		"usual": {
			counts:  []string{"app.py", "lib/vendor.js", "build/x.c"},
			ignored: []string{"node_modules/x/i.js", "lib/node_modules/i.js", "__pycache__/a.pyc", ".venv/lib/a.py", "dist/out.js", "target/debug/x", ".idea/w.xml", ".cache/x", "app.log", "sub/.git/HEAD"},
		},
		"ignore option": {
			options: Options{Ignore: []string{"*.md", "!dist", "/gen/"}},
			counts:  []string{"dist/out.js", "a.py", "sub/gen/x"},
			ignored: []string{"README.md", "sub/x.md", "gen/x"},
		},
		"nested": {
			rules: map[string]string{
				".gitignore":         "*.tmp\n/out/\nsecret*\n!secret.py\n",
				"sub/.gitignore":     "!keep.tmp\n*.gen.py\n/only-here\n",
				"sub/low/.gitignore": "!x.gen.py\n",
			},
			counts:  []string{"a.py", "secret.py", "sub/keep.tmp", "sub/out/a", "only-here", "sub/low/x.gen.py", "sub/low/only-here"},
			ignored: []string{"a.tmp", "out/a", "out/sub/b", "secret.txt", "sub/b.tmp", "sub/a.gen.py", "sub/low/y.gen.py", "sub/only-here"},
		},
		"the usual brought back": {
			rules:  map[string]string{".gitignore": "!dist/\n!*.log\n"},
			counts: []string{"dist/a.js", "a.log"}, ignored: []string{"node_modules/a.js"},
		},
		"whoever matches is asked alone": {
			match:   func(path string) bool { return filepath.Ext(path) == ".go" },
			options: Options{Ignore: []string{"mock_*.go"}},
			rules:   map[string]string{".gitignore": "*.pb.go\ndist/\n"},
			counts:  []string{"a.go", "a.pb.go", "dist/x.go"}, ignored: []string{"a.txt", "mock_a.go", ".#b.go"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for disk, dir := range disks(t) {
				t.Run(disk, func(t *testing.T) {
					for path, text := range c.rules {
						write(t, filepath.Join(dir, path), text)
					}
					r := start(t, c.options, Scope{Trees: []Tree{{Dir: dir, Recursive: true, Match: c.match}}})
					r.only(dir, c.counts, c.ignored)
				})
			}
		})
	}
}

// only writes files and checks that those that count are all that is given.
func (r *rig) only(dir string, counts, ignored []string) {
	r.t.Helper()
	var want []string
	for _, path := range slices.Concat(ignored, counts) {
		write(r.t, filepath.Join(dir, path), "x")
	}
	last := filepath.Join(dir, slices.Max(counts))
	for _, path := range counts {
		want = append(want, filepath.Join(dir, path))
	}
	write(r.t, last, "last")
	slices.Sort(want)
	if got := r.collect(last); !slices.Equal(got, want) {
		r.t.Errorf("changed %q, want %q", got, want)
	}
}

// Rules that change are followed at once, and what they let in or keep out is no
// change.
func TestRulesChange(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			rules, sentinel := filepath.Join(dir, "sub", ".gitignore"), filepath.Join(dir, "z")
			gen, out := filepath.Join(dir, "sub", "gen.py"), filepath.Join(dir, "sub", "out", "deep", "a.py")
			for _, path := range []string{gen, out, sentinel} {
				write(t, path, "x")
			}
			write(t, rules, "out\n")
			r := start(t, Options{}, everything(dir)).known()
			before := r.Stats().Directories
			write(t, out, "y")
			r.nothingBut(sentinel)
			r.settled(func() { write(t, rules, "gen.py\n") })
			if now := r.Stats().Directories; now != before+2 {
				t.Errorf("%d directories are watched, %d before", now, before)
			}
			write(t, gen, "y")
			r.nothingBut(sentinel)
			write(t, out, "z")
			r.expect(false, out)
			r.settled(func() { must(t, os.Remove(rules)) })
			write(t, gen, "z")
			r.expect(false, gen)
		})
	}
}

// The rules of a repository hold in a tree that is a part of it, worktrees
// included.
func TestRulesOfRepository(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			main, other := filepath.Join(dir, "main"), filepath.Join(dir, "other")
			git(t, dir, "init", "-q", main)
			write(t, filepath.Join(main, ".gitignore"), "*.tmp\n/app/out\n/app\n")
			git(t, main, "add", ".")
			git(t, main, "commit", "-q", "-m", "rules")
			git(t, main, "worktree", "add", "-q", other)
			write(t, filepath.Join(main, ".git", "info", "exclude"), "mine\n")
			for _, top := range []string{main, other} {
				app := filepath.Join(top, "app") // ignored itself, but named
				mkdir(t, app)
				r := start(t, Options{}, everything(app))
				r.only(app, []string{"a", "sub/out/a"}, []string{"mine", "a.tmp", "out/a"})
				must(t, r.Close())
			}
		})
	}
}

// What the user has git ignore everywhere is left out, below all other rules of
// git; where that is, git says, or else it is the usual place.
func TestExcludesFile(t *testing.T) {
	home := t.TempDir()
	config, usual := filepath.Join(home, "config"), filepath.Join(home, "xdg", "git", "ignore")
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "xdg"))
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	t.Setenv("GIT_CONFIG_GLOBAL", config)
	write(t, usual, "*.usual\n")
	write(t, filepath.Join(home, "mine"), "*.mine\n")
	for _, c := range []struct{ config, ignored, counts string }{
		{"", "a.usual", "a.mine"},
		{"[core]\n\texcludesFile = ~/mine\n", "a.mine", "a.usual"},
		{"[core]\n\texcludesFile =\n", "a.log", "a.usual"},
	} {
		dir := t.TempDir()
		git(t, dir, "init", "-q")
		write(t, config, c.config)
		write(t, filepath.Join(dir, ".gitignore"), "!kept.*\n")
		r := start(t, Options{}, everything(dir))
		kept := "kept" + filepath.Ext(c.ignored)
		r.only(dir, []string{c.counts, kept}, []string{c.ignored})
	}
}
