package files

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// A file that is too large to be read in the background counts when it is
// touched first, and is known from then on.
func TestLargeFileCountsOnce(t *testing.T) {
	dir := t.TempDir()
	path, sentinel := filepath.Join(dir, "large"), filepath.Join(dir, "z")
	text := string(bytes.Repeat([]byte("x"), hashEach+1))
	write(t, path, text)
	write(t, sentinel, "")
	r := start(t, Options{}, everything(dir)).known()
	later := time.Now().Add(time.Minute)
	write(t, path, text)
	must(t, os.Chtimes(path, later, later))
	r.expect(false, path)
	write(t, path, text)
	r.nothingBut(sentinel)
}

func TestSame(t *testing.T) {
	known := file{size: 1, mtime: 1, hash: 1, hashed: true}
	touched, changed := known, known
	touched.mtime = 2
	changed.mtime, changed.hash = 2, 2
	unread := file{size: 1, mtime: 1}
	racy, later := unread, unread
	racy.racy, later.mtime = true, 2
	for _, c := range []struct {
		a, b file
		same bool
	}{{known, touched, true}, {known, changed, false}, {unread, unread, true}, {unread, later, false}, {racy, known, false}, {unread, known, true}} {
		if got := same(c.a, c.b); got != c.same {
			t.Errorf("%+v and %+v: same %v", c.a, c.b, got)
		}
	}
}

func TestTemporary(t *testing.T) {
	for name, want := range map[string]bool{
		"4913": true, ".#main.go": true, "#main.go#": true, "main.go~": true, ".main.go.swp": true, ".main.go.swo": true, ".main.go.swx": true,
		"main.go___jb_tmp___": true, "main.go___jb_old___": true, ".goutputstream-1X": true,
		"main.go": false, "#main.go": false, "49134": false, "swp": false, ".env": false, "a~b": false,
	} {
		if got := temporary(filepath.Join("dir", name)); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestModuleFile(t *testing.T) {
	for path, want := range map[string]bool{
		"go.mod": true, "x/go.sum": true, "go.work": true, "go.work.sum": true, "vendor/modules.txt": true,
		"modules.txt": false, "main.go": false, "go.mod.bak": false,
	} {
		if got := moduleFile(filepath.FromSlash(path)); got != want {
			t.Errorf("%s: %v", path, got)
		}
	}
}
