package files

import (
	"os"
	"path/filepath"
	"testing"
)

func link(t *testing.T, target, at string) {
	t.Helper()
	mkdir(t, filepath.Dir(at))
	must(t, os.Symlink(target, at))
}

// swap puts a link in the place of another at once, as deployments do.
func swap(t *testing.T, target, at string) {
	t.Helper()
	link(t, target, at+".new")
	must(t, os.Rename(at+".new", at))
}

// A change of what a link leads to counts, wherever that is.
func TestLinkedFile(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			root, target := filepath.Join(dir, "root"), filepath.Join(dir, "else", "where", "target")
			path, sentinel := filepath.Join(root, "link"), filepath.Join(root, "z")
			write(t, target, "x")
			write(t, sentinel, "")
			link(t, "../hop", path)
			link(t, target, filepath.Join(dir, "hop"))
			r := start(t, Options{}, everything(root)).known()
			write(t, target, "y")
			r.expect(false, path)
			write(t, target+"2", "z") // saved by renaming
			must(t, os.Rename(target+"2", target))
			r.expect(false, path)
			write(t, filepath.Join(dir, "else", "where", "beside"), "x")
			r.nothingBut(sentinel)
			write(t, target+"3", "z")
			swap(t, target+"3", filepath.Join(dir, "hop")) // the same content
			r.nothingBut(sentinel)
			write(t, target+"3", "3")
			r.expect(false, path)
			must(t, os.RemoveAll(filepath.Join(dir, "else")))
			r.expect(true, path)
			write(t, target+"3", "back")
			r.expect(true, path)
			must(t, os.Remove(path))
			r.expect(true, path)
			write(t, target+"3", "nobody looks")
			r.nothingBut(sentinel)
		})
	}
}

// A named file behind links to directories, as in a volume of a cluster.
func TestLinkedOnTheWay(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			path := filepath.Join(dir, "app.yaml")
			write(t, filepath.Join(dir, "..1", "app.yaml"), "one")
			write(t, filepath.Join(dir, "..2", "app.yaml"), "two")
			link(t, "..1", filepath.Join(dir, "..data"))
			link(t, filepath.Join("..data", "app.yaml"), path)
			r := start(t, Options{}, Scope{Files: []string{path}}).known()
			swap(t, "..2", filepath.Join(dir, "..data"))
			r.expect(false, path)
			must(t, os.RemoveAll(filepath.Join(dir, "..1")))
			write(t, filepath.Join(dir, "..2", "app.yaml"), "three")
			r.expect(false, path)
		})
	}
}

func TestLinkedDirectory(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			root, one, two := filepath.Join(dir, "root"), filepath.Join(dir, "one"), filepath.Join(dir, "two")
			path, deep, sentinel := filepath.Join(root, "link", "f"), filepath.Join(root, "link", "deep", "f"), filepath.Join(root, "z")
			write(t, filepath.Join(one, "f"), "1")
			write(t, filepath.Join(one, "deep", "f"), "1")
			write(t, filepath.Join(two, "f"), "1")
			write(t, sentinel, "")
			link(t, one, filepath.Join(root, "link"))
			r := start(t, Options{}, everything(root)).known()
			write(t, filepath.Join(one, "deep", "f"), "2")
			r.expect(false, deep)
			swap(t, two, filepath.Join(root, "link"))
			r.expect(true, deep) // f is the same in both
			write(t, filepath.Join(one, "f"), "nobody looks")
			r.nothingBut(sentinel)
			write(t, filepath.Join(two, "f"), "2")
			r.expect(false, path)
			must(t, os.RemoveAll(two))
			r.expect(true, path)
			write(t, filepath.Join(two, "f"), "3")
			r.expect(true, path)
			write(t, filepath.Join(two, "f"), "4")
			r.expect(false, path)
		})
	}
}

// The root may be a link, too, and lead elsewhere later.
func TestLinkedRoot(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			root := filepath.Join(dir, "current")
			path := filepath.Join(root, "f")
			write(t, filepath.Join(dir, "1", "f"), "1")
			write(t, filepath.Join(dir, "2", "f"), "2")
			link(t, "1", root)
			r := start(t, Options{}, everything(root)).known()
			write(t, filepath.Join(dir, "1", "f"), "one")
			r.expect(false, path)
			swap(t, "2", root)
			r.expect(false, path)
			write(t, filepath.Join(dir, "2", "f"), "two")
			r.expect(false, path)
		})
	}
}

// Links in a circle, to what is above and to each other end.
func TestLinksInCircles(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			root := filepath.Join(dir, "root")
			path := filepath.Join(root, "a", "f")
			write(t, path, "x")
			link(t, root, filepath.Join(root, "a", "up"))
			link(t, "/", filepath.Join(root, "a", "everything"))
			link(t, "self", filepath.Join(root, "self"))
			link(t, "pong", filepath.Join(root, "ping"))
			link(t, "ping", filepath.Join(root, "pong"))
			for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
				write(t, filepath.Join(root, name, "f"), "x")
				for _, other := range []string{"a", "b", "c", "d", "e", "f"} {
					link(t, filepath.Join(root, other), filepath.Join(root, name, "to-"+other))
				}
			}
			r := start(t, Options{}, everything(root)).known()
			if s := r.Stats(); s.Directories > 20 || s.Files > 12 { // seen directly, and by one link at most
				t.Errorf("%d directories are watched, with %d files", s.Directories, s.Files)
			}
			write(t, path, "y")
			for _, changed := range r.next().Paths {
				if filepath.Base(changed) != "f" {
					t.Errorf("%s changed", changed)
				}
			}
		})
	}
}
