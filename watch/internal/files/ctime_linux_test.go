package files

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestSameSizeAndTime: what is put in the place of a file counts though neither
// size nor time of modification tells it apart.
func TestSameSizeAndTime(t *testing.T) {
	old := time.Now().Add(-time.Hour)
	for name, dir := range disks(t) {
		for how, o := range map[string]Options{"events": {}, "polling": {Poll: true}} {
			t.Run(name+" "+how, func(t *testing.T) {
				dir := filepath.Join(dir, how)
				path, other, sentinel := filepath.Join(dir, "app.py"), filepath.Join(dir, "new~"), filepath.Join(dir, "z")
				put := func(path, text string) {
					t.Helper()
					write(t, path, text)
					must(t, os.Chtimes(path, old, old))
				}
				put(path, "x = 1")
				put(sentinel, "")
				r := start(t, o, everything(dir)).known()
				put(other, "x = 2")
				must(t, os.Rename(other, path))
				r.expect(false, path)
				put(path, "x = 3")
				r.expect(false, path)
				must(t, os.Chmod(path, 0o600))
				put(path, "x = 3")
				r.nothingBut(sentinel)
			})
		}
	}
}
