package source

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Listing is what is linked into a Go program, as go list found it. It does not
// change; a newer one takes its place. Its paths are absolute.
type Listing struct {
	// Dirs is how many directories its files are in.
	Dirs int
	// Packages are the directories of the user's own packages, by import path.
	Packages map[string]string

	began                        time.Time
	mainDir, mainModule, goflags string
	shapes                       map[string]shape // of each .go file that counts or may count
	ignored                      map[string]bool  // .go files left out by their build constraints
	wholeDirs                    map[string]bool  // directories in which every source file counts
	modules                      map[string]bool  // go.mod and the like
	embeds                       []embed
	awaited                      map[string]bool // directories of packages that do not exist yet
	missing                      bool            // something imported was not found
}

// Coarse is how much older the time of a changed file may be than the change:
// the kernel stamps files by a clock that ticks every 10 ms at the slowest.
const Coarse = 20 * time.Millisecond

// newListing sums up what go list said about p.
func newListing(p *Package, root *goPackage, packages []*goPackage, env goEnv, began time.Time) *Listing {
	l := &Listing{
		Packages: map[string]string{},

		began:   began.Add(-Coarse),
		mainDir: root.Dir, goflags: env.GOFLAGS,
		shapes: map[string]shape{}, ignored: map[string]bool{},
		wholeDirs: map[string]bool{}, modules: map[string]bool{}, awaited: map[string]bool{},
	}
	l.addModule(env.GOMOD)
	l.addModule(env.GOWORK)
	l.addVendor(env)
	if env.GOWORK == "" {
		l.awaitWorkspace(p.Dir)
	}
	files := filepath.Ext(p.Patterns[0]) == ".go"
	local := map[string]string{} // module path to directory
	for _, one := range packages {
		if !one.local() {
			continue
		}
		if one.Module != nil && one.Module.Dir != "" {
			l.addModule(one.Module.GoMod)
			local[one.Module.Path] = one.Module.Dir
		}
		l.Packages[one.ImportPath] = one.Dir
		l.addPackage(one, files && one == root)
	}
	if root.Module != nil && root.local() {
		l.mainModule = root.Module.Path
	}
	l.awaitMissing(packages, local)
	l.Dirs = l.countDirs()
	return l
}

// addModule has the files of a module or workspace watched.
func (l *Listing) addModule(file string) {
	if none(file) {
		return
	}
	l.modules[file] = true
	if filepath.Ext(file) == ".work" {
		l.modules[file+".sum"] = true
		return
	}
	l.modules[strings.TrimSuffix(file, ".mod")+".sum"] = true
}

// none reports whether go env names no file.
func none(file string) bool { return file == "" || file == "off" || file == os.DevNull }

// addVendor has the list of vendored packages watched, which says by being there
// that they are used (go help modules). It may yet come.
func (l *Listing) addVendor(env goEnv) {
	root := env.GOWORK
	if none(root) {
		root = env.GOMOD
	}
	if !none(root) {
		l.modules[filepath.Join(filepath.Dir(root), "vendor", "modules.txt")] = true
	}
}

// awaitWorkspace has the places watched where a go.work would take effect, as the
// go command looks for one in the directory it runs in and those above (go help
// work): up to the one above the repository, or above dir if it is in none.
func (l *Listing) awaitWorkspace(dir string) {
	places := []string{dir}
	for at := dir; ; at = filepath.Dir(at) {
		if exists(filepath.Join(at, ".git")) {
			break
		}
		if at == filepath.Dir(at) {
			places = places[:1]
			break
		}
		places = append(places, filepath.Dir(at))
	}
	for _, place := range append(places, filepath.Dir(places[len(places)-1])) {
		l.modules[filepath.Join(place, "go.work")] = true
	}
}

// addPackage has a package's source watched: only its files if it was given as
// files.
func (l *Listing) addPackage(p *goPackage, filesOnly bool) {
	if p.Dir == "" {
		return
	}
	for _, name := range slices.Concat(p.GoFiles, p.CgoFiles) {
		l.addFile(filepath.Join(p.Dir, name))
	}
	if !filesOnly {
		l.wholeDirs[p.Dir] = true
		for _, name := range p.IgnoredGoFiles {
			if file := filepath.Join(p.Dir, name); isSource(file) {
				l.ignored[file] = true
				l.addFile(file)
			}
		}
	}
	if len(p.EmbedPatterns) > 0 {
		l.embeds = append(l.embeds, newEmbed(p))
	}
}

// addFile has a file watched. Of one that has changed since go list was asked,
// it is not known what go list saw: whatever it is later counts as another shape.
func (l *Listing) addFile(file string) {
	l.shapes[file] = shape{}
	if info, err := os.Stat(file); err != nil || info.ModTime().After(l.began) {
		return
	}
	if s, ok := readShape(file); ok {
		l.shapes[file] = s
	}
}

// awaitMissing has the places watched where packages of local modules would be
// that are imported but do not exist yet.
func (l *Listing) awaitMissing(packages []*goPackage, local map[string]string) {
	for _, p := range packages {
		if p.Standard || p.Name != "" {
			continue
		}
		l.missing = true
		for module, dir := range local {
			if rest, ok := strings.CutPrefix(p.ImportPath, module+"/"); ok {
				l.awaited[filepath.Join(dir, filepath.FromSlash(rest))] = true
			}
		}
	}
}

// countDirs returns how many directories have something that counts.
func (l *Listing) countDirs() int {
	all := maps.Clone(l.wholeDirs)
	for _, file := range l.files() {
		if !l.modules[file] || exists(file) {
			all[filepath.Dir(file)] = true
		}
	}
	return len(all)
}

// files returns every file that is known to count.
func (l *Listing) files() []string {
	all := slices.Concat(slices.Collect(maps.Keys(l.shapes)), slices.Collect(maps.Keys(l.modules)))
	for _, e := range l.embeds {
		all = slices.AppendSeq(all, maps.Keys(e.files))
	}
	return all
}

// Scope returns what to watch. What Relevant rejects in its trees does not
// count.
func (l *Listing) Scope() Scope {
	s := Scope{Files: l.files(), Match: l.Relevant}
	for dir := range l.wholeDirs {
		s.Dirs = append(s.Dirs, dir)
	}
	for dir := range l.awaited {
		s.Dirs = append(s.Dirs, dir)
	}
	for _, e := range l.embeds {
		e.addTo(&s)
	}
	return s
}

// Newer returns the files that have changed since a time and that did not count
// by older, if it is not nil. It is for what nobody watched yet, such as a file
// newly embedded in a directory long known. A package that was missing when l was
// made may have come.
func (l *Listing) Newer(since time.Time, older *Listing) (files []string) {
	all := l.files()
	for _, dirs := range []map[string]bool{l.wholeDirs, l.awaited} {
		for dir := range dirs {
			entries, _ := os.ReadDir(dir) // one that is not there has nothing newer
			for _, e := range entries {
				all = append(all, filepath.Join(dir, e.Name()))
			}
		}
	}
	slices.Sort(all)
	for _, file := range slices.Compact(all) {
		if older != nil && older.Relevant(file) || !l.Relevant(file) {
			continue
		}
		if info, err := os.Stat(file); err == nil && info.ModTime().After(since) {
			files = append(files, file)
		}
	}
	return files
}
