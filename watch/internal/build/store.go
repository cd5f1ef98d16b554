package build

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// kept is how many builds are kept, whether they are in use or not.
const kept = 3

// Store keeps the binaries of one run of this program.
type Store struct {
	dir    string
	lock   *os.File
	builds []Binary // the latest is last
	inUse  map[string]bool
}

// Binary is one that a Store keeps. Two with the same Hash are the same.
type Binary struct {
	Path string
	Hash Hash
}

// Open makes an empty store. Close it.
func Open() (*Store, error) {
	dir, lock, err := newDir()
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, lock: lock}
	if err := os.Mkdir(s.Scratch(), 0o755); err != nil {
		return nil, fmt.Errorf("make a place for the build: %w", err)
	}
	return s, nil
}

// Scratch returns a directory for what is being built. It is on the file system
// of the binaries, so that adding one of them is a rename.
func (s *Store) Scratch() string { return filepath.Join(s.dir, "scratch") }

// Output returns where a binary is built to before it is added.
func (s *Store) Output() string { return filepath.Join(s.Scratch(), "output"+executableSuffix) }

// Clear removes what is in Scratch: a build that was killed leaves its temporary
// files. Scratch is made again if somebody has emptied the cache.
func (s *Store) Clear() {
	_ = os.MkdirAll(s.Scratch(), 0o755)   // the build says it
	entries, _ := os.ReadDir(s.Scratch()) // nothing to remove if it cannot be read
	for _, e := range entries {
		_ = os.RemoveAll(filepath.Join(s.Scratch(), e.Name()))
	}
}

// Add takes a binary from Output under a name, and returns it as the latest
// one. What is the same as an earlier one is not kept twice.
func (s *Store) Add(name string, hash Hash) (Binary, error) {
	if i := slices.IndexFunc(s.builds, func(b Binary) bool { return b.Hash == hash }); i >= 0 {
		b := s.builds[i]
		s.builds = append(slices.Delete(s.builds, i, i+1), b)
		if _, err := os.Stat(b.Path); err == nil {
			return b, nil
		}
		s.builds = s.builds[:len(s.builds)-1] // somebody has emptied the cache
	}
	b := Binary{filepath.Join(s.dir, hash.Short(), name+executableSuffix), hash}
	if err := os.MkdirAll(filepath.Dir(b.Path), 0o755); err != nil {
		return Binary{}, fmt.Errorf("keep the build: %w", err)
	}
	if err := os.Rename(s.Output(), b.Path); err != nil {
		return Binary{}, fmt.Errorf("keep the build: %w", err)
	}
	s.builds = append(s.builds, b)
	s.trim()
	return b, nil
}

// Use names the binaries that are in use; those of the last call that are not
// named again may be removed.
func (s *Store) Use(paths []string) {
	s.inUse = map[string]bool{}
	for _, path := range paths {
		s.inUse[path] = true
	}
	s.trim()
}

// trim removes old binaries.
func (s *Store) trim() {
	latest := len(s.builds) - kept
	var stay []Binary
	for i, b := range s.builds {
		// Windows does not remove what still runs: it is tried again later.
		if i >= latest || s.inUse[b.Path] || os.RemoveAll(filepath.Dir(b.Path)) != nil {
			stay = append(stay, b)
		}
	}
	s.builds = stay
}

// Close removes everything.
func (s *Store) Close() error {
	// What cannot be removed now, the next run sweeps.
	if err := removeLocked(s.dir, s.lock); err != nil {
		return fmt.Errorf("remove the builds of this run: %w", err)
	}
	return nil
}
