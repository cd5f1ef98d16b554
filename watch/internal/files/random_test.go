package files

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Whatever happens to a tree, and however quickly, every file that is there
// afterwards is watched.
func TestAnythingMayHappen(t *testing.T) {
	for disk, dir := range disks(t) {
		t.Run(disk, func(t *testing.T) {
			for seed := range uint64(8) {
				t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
					root := filepath.Join(dir, fmt.Sprint(seed))
					write(t, filepath.Join(root, "f"), "x")
					r := start(t, Options{busy: never}, everything(root))
					random := rand.New(rand.NewPCG(seed, 0))
					for range 3 {
						for range 100 {
							disturb(t, random, root)
						}
						r.allNoticed(root, random)
					}
				})
			}
		})
	}
}

// disturb does something to a tree.
func disturb(t *testing.T, random *rand.Rand, root string) {
	t.Helper()
	pick := func() string {
		path := root
		for range 1 + random.IntN(4) {
			path = filepath.Join(path, []string{"a", "b", "c"}[random.IntN(3)])
		}
		return path
	}
	path, other := pick(), pick()
	// Many of these fail, since a path is a file, or there, or not: no matter.
	switch random.IntN(7) {
	case 0, 1:
		_ = os.MkdirAll(path, 0o755)
		_ = os.WriteFile(filepath.Join(path, "f"), []byte(fmt.Sprint(random.Uint64())), 0o644)
	case 2:
		_ = os.Rename(path, other)
	case 3:
		_ = os.RemoveAll(path)
	case 4:
		_ = os.WriteFile(path, []byte(fmt.Sprint(random.Uint64())), 0o644)
	case 5:
		_ = os.Symlink(other, path)
	case 6:
		_ = os.Remove(path)
		_ = os.Rename(path+"/f", path)
		_ = os.MkdirAll(filepath.Join(other, "c", "c"), 0o755)
	}
}

// allNoticed changes every file and waits until all were given.
func (r *rig) allNoticed(root string, random *rand.Rand) {
	r.t.Helper()
	var paths []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		return err
	})
	must(r.t, err)
	last := filepath.Join(root, "last")
	write(r.t, last, fmt.Sprint(random.Uint64()))
	r.collect(last) // what happened so far
	for _, path := range paths {
		write(r.t, path, fmt.Sprint("all ", random.Uint64()))
	}
	write(r.t, last, fmt.Sprint(random.Uint64()))
	got := r.collect(last)
	for _, path := range paths {
		if _, found := slices.BinarySearch(got, path); !found {
			r.t.Errorf("%s is not watched", path)
		}
	}
}
