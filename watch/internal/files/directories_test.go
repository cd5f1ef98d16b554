package files

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// collect returns all paths of the changes up to the one that has last.
func (r *rig) collect(last string) []string {
	r.t.Helper()
	var paths []string
	for !slices.Contains(paths, last) {
		paths = append(paths, r.next().Paths...)
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// Directories that appear deeper and deeper, with files at once, are never too
// fast.
func TestNewDirectoriesMissNothing(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			r := start(t, Options{busy: never}, everything(dir))
			var want []string
			for i := range 200 {
				deep := filepath.Join(dir, fmt.Sprint("a", i), "b", "c", "d")
				mkdir(t, deep)
				for _, path := range []string{filepath.Join(deep, "f.py"), filepath.Join(filepath.Dir(deep), "g.py")} {
					write(t, path, "x")
					want = append(want, path)
				}
			}
			last := filepath.Join(dir, "last")
			write(t, last, "x")
			want = append(want, last)
			slices.Sort(want)
			if got := r.collect(last); !slices.Equal(got, want) {
				t.Fatalf("%d files were noticed, of %d", len(got), len(want))
			}
			// All of them are watched from now on.
			path := filepath.Join(dir, "a199", "b", "c", "d", "f.py")
			write(t, path, "other")
			r.expect(false, path)
		})
	}
}

func TestDeletedDirectory(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			one, two, stays := filepath.Join(dir, "a", "one"), filepath.Join(dir, "a", "b", "two"), filepath.Join(dir, "stays")
			for _, path := range []string{one, two, stays} {
				write(t, path, "x")
			}
			r := start(t, Options{}, everything(dir))
			must(t, os.RemoveAll(filepath.Join(dir, "a")))
			r.expect(true, one, two)
			write(t, two, "x")
			r.expect(true, two)
			write(t, two, "y")
			r.expect(false, two)
		})
	}
}

// A directory that is gone and back within a burst is what is in it.
func TestReplacedDirectory(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			same, other, gone, sentinel := filepath.Join(dir, "a", "same"), filepath.Join(dir, "a", "b", "other"), filepath.Join(dir, "a", "gone"), filepath.Join(dir, "z")
			for _, path := range []string{same, other, gone, sentinel} {
				write(t, path, "x")
			}
			r := start(t, Options{}, everything(dir)).known()
			must(t, os.RemoveAll(filepath.Join(dir, "a")))
			write(t, same, "x")
			write(t, other, "y")
			r.expect(true, other, gone)
			write(t, same, "z")
			r.expect(false, same)
			r.nothingBut(sentinel)
		})
	}
}

// A directory that is moved is watched where it is, and not where it was.
func TestMovedDirectory(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			sentinel := filepath.Join(dir, "z")
			write(t, sentinel, "")
			write(t, filepath.Join(dir, "a", "deep", "f"), "x")
			r := start(t, Options{}, everything(dir)).known()
			for i := range 20 {
				from, to := filepath.Join(dir, "a"), filepath.Join(dir, "b")
				if i%2 == 1 {
					from, to = to, from
				}
				must(t, os.Rename(from, to))
				if i%4 == 3 { // back before anybody looks
					must(t, os.Rename(to, from))
					must(t, os.Rename(from, to))
				}
				r.expect(true, filepath.Join(from, "deep", "f"), filepath.Join(to, "deep", "f"))
				write(t, filepath.Join(to, "deep", "f"), fmt.Sprint(i))
				r.expect(false, filepath.Join(to, "deep", "f"))
			}
			away := filepath.Join(t.TempDir(), "away")
			if err := os.Rename(filepath.Join(dir, "a"), away); err != nil { // another file system
				must(t, os.RemoveAll(filepath.Join(dir, "a")))
				mkdir(t, filepath.Join(away, "deep"))
			}
			r.expect(true, filepath.Join(dir, "a", "deep", "f"))
			write(t, filepath.Join(away, "deep", "f"), "not here")
			r.nothingBut(sentinel)
		})
	}
}

// The root itself is deleted and created again; so is its parent.
func TestRootComesAndGoes(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			root := filepath.Join(dir, "up", "root")
			path := filepath.Join(root, "f")
			r := start(t, Options{}, everything(root))
			for range 3 {
				write(t, path, "x")
				r.expect(true, path)
				must(t, os.RemoveAll(root))
				r.expect(true, path)
				write(t, path, "x")
				r.expect(true, path)
				must(t, os.RemoveAll(filepath.Dir(root)))
				r.expect(true, path)
			}
			write(t, path, "x")
			r.expect(true, path)
			must(t, os.RemoveAll(root))
			write(t, path, "y")
			r.expect(false, path)
			must(t, os.Rename(root, root+"2"))
			r.expect(true, path)
			must(t, os.Rename(root+"2", root))
			r.expect(true, path)
			write(t, path, "z")
			r.expect(false, path)
		})
	}
}

func TestFileAndDirectoryOfOneName(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			name, inner := filepath.Join(dir, "x"), filepath.Join(dir, "x", "f")
			r := start(t, Options{}, everything(dir))
			write(t, name, "x")
			r.expect(true, name)
			must(t, os.Remove(name))
			write(t, inner, "x")
			r.expect(true, name, inner)
			must(t, os.RemoveAll(name))
			write(t, name, "x")
			r.expect(true, name, inner)
		})
	}
}

// Only what is right in the directory of a Go package counts, and only if it
// matches; what lies deeper is another package.
// A tree of the scope that turns out to be a file counts if a tree around it says
// so: the name alone does not tell what will appear.
func TestRootAppearsAsFile(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			path := filepath.Join(dir, "data")
			r := start(t, Options{}, Scope{Trees: []Tree{{Dir: dir}, {Dir: path, Recursive: true}}})
			write(t, path, "one")
			r.expect(true, path)
			write(t, path, "two")
			r.expect(false, path)
			must(t, os.Remove(path))
			r.expect(true, path)
			inside := filepath.Join(path, "x")
			write(t, inside, "x")
			r.expect(true, inside)
		})
	}
}

func TestExactTree(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			isGo := func(path string) bool { return filepath.Ext(path) == ".go" }
			path, sentinel := filepath.Join(dir, "a", "main.go"), filepath.Join(dir, "b", "b.go")
			write(t, path, "package a")
			write(t, sentinel, "package b")
			mkdir(t, filepath.Join(dir, "a", "sub"))
			r := start(t, Options{}, Scope{
				Trees: []Tree{{Dir: filepath.Join(dir, "a"), Match: isGo}, {Dir: filepath.Join(dir, "b"), Match: isGo}},
			})
			write(t, filepath.Join(dir, "a", "a.out"), "built")
			write(t, filepath.Join(dir, "a", "sub", "sub.go"), "package sub")
			write(t, filepath.Join(dir, "c", "c.go"), "package c")
			r.nothingBut(sentinel)
			write(t, filepath.Join(dir, "a", "new.go"), "package a")
			r.expect(true, filepath.Join(dir, "a", "new.go"))
			must(t, os.RemoveAll(filepath.Join(dir, "a")))
			r.expect(true, path, filepath.Join(dir, "a", "new.go"))
			write(t, path, "package a")
			r.expect(true, path)
		})
	}
}

func TestNamedFiles(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			mod, env, program := filepath.Join(dir, "go.mod"), filepath.Join(dir, "conf", "deep", ".env"), filepath.Join(dir, "bin", "server")
			write(t, mod, "module x")
			write(t, program, "ELF 1")
			write(t, filepath.Join(dir, ".gitignore"), "*\n")
			r := start(t, Options{Ignore: []string{"*"}}, Scope{Files: []string{mod, env, program}}).known()
			write(t, env, "A=1")
			r.expect(true, env)
			write(t, mod, "module y")
			r.expect(true, mod) // a module file: list again
			write(t, program+".new", "ELF 2")
			must(t, os.Rename(program+".new", program))
			r.expect(false, program)
			write(t, filepath.Join(dir, "bin", "other"), "x")
			must(t, os.RemoveAll(filepath.Join(dir, "conf")))
			r.expect(true, env)
			write(t, env, "A=2")
			r.expect(true, env)
			r.nothingBut(program)
		})
	}
}

// A scope that replaces another keeps what is known of files that stay.
func TestScopeReplaced(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			a, b, c := filepath.Join(dir, "a", "f"), filepath.Join(dir, "b", "f"), filepath.Join(dir, "c", "f")
			for _, path := range []string{a, b, c} {
				write(t, path, "x")
			}
			scope := func(names ...string) (s Scope) {
				for _, name := range names {
					s.Trees = append(s.Trees, Tree{Dir: filepath.Join(dir, name)})
				}
				return s
			}
			r := start(t, Options{}, scope("a", "b")).known()
			write(t, a, "y")
			write(t, b, "y")
			r.watch(scope("b", "c")) // before the change of b was given
			r.expect(false, b)
			write(t, a, "z")
			write(t, b, "y")
			r.nothingBut(c)
			before := r.Stats()
			r.watch(scope("c"))
			if after := r.Stats(); after.Directories >= before.Directories || after.Files != 1 {
				t.Errorf("%+v after a smaller scope, %+v before", after, before)
			}
			must(t, os.Remove(c))
			r.watch(scope("c", "a"))
			r.expect(true, c)
		})
	}
}

func TestBadScope(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	write(t, path, "x")
	r := start(t, Options{}, everything(dir))
	for name, s := range map[string]Scope{
		"empty":         {},
		"relative file": {Files: []string{"f"}},
		"relative tree": {Trees: []Tree{{Dir: "."}}},
		"file as tree":  {Trees: []Tree{{Dir: path}}},
	} {
		if err := r.Watch(s); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	r.nothingBut(path) // the scope before is in force
}

// While nobody reads, changes are merged.
func TestSlowReader(t *testing.T) {
	dir := t.TempDir()
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	write(t, a, "x")
	write(t, b, "x")
	r := start(t, Options{Debounce: time.Millisecond}, everything(dir)).known()
	r.settled(func() { write(t, a, "y") })
	r.settled(func() { write(t, b, "y") })
	r.settled(func() { must(t, os.Remove(b)) })
	r.expect(true, a, b)
}

// What is no file is never opened: a fifo would block for ever.
func TestNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	sentinel := filepath.Join(dir, "z")
	write(t, sentinel, "")
	r := start(t, Options{}, everything(dir)).known()
	fifo(t, filepath.Join(dir, "fifo"))
	must(t, os.Symlink(filepath.Join(dir, "fifo"), filepath.Join(dir, "link")))
	r.nothingBut(sentinel)
}

func TestClosed(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "f"), "x")
	before := descriptors(t)
	r := start(t, Options{}, everything(dir))
	must(t, r.Close())
	must(t, r.Close())
	if after := descriptors(t); after != before {
		t.Errorf("%d descriptors are open, %d before", after, before)
	}
	if _, ok := <-r.Changes(); ok {
		t.Error("a change after Close")
	}
	if err := r.Watch(everything(dir)); err != ErrClosed { //nolint:errorlint // returned bare
		t.Errorf("Watch after Close: %v", err)
	}
}
