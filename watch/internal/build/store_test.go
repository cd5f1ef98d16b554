package build

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// openStore opens a store in a cache directory of the test's own.
func openStore(t *testing.T) *Store {
	t.Helper()
	for _, name := range []string{"XDG_CACHE_HOME", "HOME", "LocalAppData"} {
		t.Setenv(name, t.TempDir())
	}
	s, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // a test may have closed it
	return s
}

// build adds a binary with a content.
func build(t *testing.T, s *Store, content string) Binary {
	t.Helper()
	if err := os.WriteFile(s.Output(), []byte(content), 0o700); err != nil {
		t.Fatal(err)
	}
	hash, err := HashFile(s.Output())
	if err != nil {
		t.Fatal(err)
	}
	b, err := s.Add("server", hash)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func requireContent(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil || string(got) != want {
		t.Errorf("%s: %q, %v; want %q", path, got, err, want)
	}
}

func TestStoreKeepsThree(t *testing.T) {
	s := openStore(t)
	a, b, c := build(t, s, "a"), build(t, s, "b"), build(t, s, "c")
	requireContent(t, a.Path, "a")
	d := build(t, s, "d")
	if _, err := os.Stat(a.Path); !os.IsNotExist(err) {
		t.Errorf("the fourth is still there: %v", err)
	}
	for path, want := range map[string]string{b.Path: "b", c.Path: "c", d.Path: "d"} {
		requireContent(t, path, want)
	}
}

func TestStoreKeepsWhatIsInUse(t *testing.T) {
	s := openStore(t)
	a := build(t, s, "a")
	s.Use([]string{a.Path})
	for _, content := range []string{"b", "c", "d", "e"} {
		build(t, s, content)
	}
	requireContent(t, a.Path, "a")
	s.Use(nil)
	if _, err := os.Stat(a.Path); !os.IsNotExist(err) {
		t.Errorf("it is still there: %v", err)
	}
}

// TestStoreKnowsTheSame: what was built before is the same file, and counts as
// the latest.
func TestStoreKnowsTheSame(t *testing.T) {
	s := openStore(t)
	a := build(t, s, "a")
	build(t, s, "b")
	again := build(t, s, "a")
	if again != a {
		t.Errorf("got %v, want %v", again, a)
	}
	build(t, s, "c")
	build(t, s, "d")
	requireContent(t, a.Path, "a")
}

func TestClearAndClose(t *testing.T) {
	s := openStore(t)
	if err := os.MkdirAll(filepath.Join(s.Scratch(), "go-build1/b001"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.Clear()
	if entries, err := os.ReadDir(s.Scratch()); err != nil || len(entries) > 0 {
		t.Errorf("%v, %v", entries, err)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.dir); !os.IsNotExist(err) {
		t.Errorf("left behind: %v", err)
	}
}

func TestCopyIsExecutable(t *testing.T) {
	s := openStore(t)
	from := filepath.Join(t.TempDir(), "from")
	if err := os.WriteFile(from, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Copy(s.Output(), from); err != nil {
		t.Fatal(err)
	}
	requireContent(t, s.Output(), "x")
	if info, err := os.Stat(s.Output()); err != nil || executableSuffix == "" && info.Mode()&0o100 == 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := Copy(s.Output(), from+"-gone"); err == nil {
		t.Error("copied what is not there")
	}
}

// TestSweepSparesRunning makes the directories of a run that goes on and of one
// that was killed.
func TestSweepSparesRunning(t *testing.T) {
	running := openStore(t)
	killed := filepath.Join(filepath.Dir(running.dir), "run-killed")
	if err := os.MkdirAll(killed, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{lockName, "server"} {
		if err := os.WriteFile(filepath.Join(killed, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := second.Close(); err != nil {
			t.Error(err)
		}
	}()
	if _, err := os.Stat(running.dir); err != nil {
		t.Errorf("a running one's directory is gone: %v", err)
	}
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Errorf("a killed one's directory is still there: %v", err)
	}
}

// TestEmptiedCache: the store goes on if somebody empties the cache.
func TestEmptiedCache(t *testing.T) {
	s := openStore(t)
	build(t, s, "a")
	if err := os.RemoveAll(s.dir); err != nil {
		t.Fatal(err)
	}
	s.Clear()
	a := build(t, s, "a")
	requireContent(t, a.Path, "a")
}

// TestSweptBeforeLocked: another run that starts at the same time may take a
// directory that is not locked yet for one left behind, and remove it.
func TestSweptBeforeLocked(t *testing.T) {
	openStore(t)
	for range 200 {
		var runs sync.WaitGroup
		for range 4 {
			runs.Go(func() {
				s, err := Open()
				if err != nil {
					t.Error(err)
					return
				}
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
		}
		runs.Wait()
	}
}
