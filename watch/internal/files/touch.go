package files

import (
	"io/fs"
	"os"
	"path/filepath"
)

// touched handles that something happened to a name in a view.
func (o *owner) touched(v *view, name string, what op) {
	if o.views[v.path] != v {
		return // dropped by what came before
	}
	path := filepath.Join(v.path, name)
	if o.index.isRoot(path) {
		// As a directory it is for its trail to find. It may be a file, though.
		if o.wants(v, path) {
			o.mark(path)
		}
		return
	}
	if name == rulesFile && v.ruled() {
		o.stale[v.path] = struct{}{}
		o.burst.touch(o.now)
	}
	if what == opWrite {
		if o.wants(v, path) {
			o.mark(path)
		}
		return
	}
	// Even if it is only told to be created, it may be another one than that
	// which was found there before, and so may all in it.
	if inner := v.inner[name]; inner != nil {
		o.drop(inner)
	}
	o.lookAt(v, path, name)
}

// lookAt takes in what is at a name of a view now.
func (o *owner) lookAt(v *view, path, name string) {
	o.dropTrail(path)
	fi, err := os.Lstat(filepath.Join(v.folder.path, name))
	if _, known := v.files[name]; (known || err != nil || !fi.IsDir()) && o.wants(v, path) {
		o.mark(path)
	}
	if err == nil {
		o.found(v, fs.FileInfoToDirEntry(fi), true)
	}
}

// reach handles that something happened on the way to a path.
func (o *owner) reach(path string, what op) {
	v := o.views[filepath.Dir(path)]
	switch {
	case o.index.isRoot(path):
		if what != opWrite {
			if root := o.views[path]; root != nil {
				o.drop(root)
				delete(o.again, path)
			}
			o.enterRoot(path, true)
		}
	case v == nil:
		o.dropTrail(path)
	case what == opWrite:
		o.touched(v, filepath.Base(path), what)
	default:
		o.touched(v, filepath.Base(path), opGone|opCreate)
	}
}

// drop forgets a view and those in it. What was known of their files is kept
// until the burst settles. Roots among them are to be looked at again.
func (o *owner) drop(v *view) {
	for _, inner := range v.inner {
		o.drop(inner)
	}
	o.keep(v)
	if len(v.files) > 0 {
		o.burst.touch(o.now)
	}
	o.count -= len(v.files)
	for name := range v.files {
		if path := filepath.Join(v.path, name); o.trails[path] != nil {
			o.dropTrail(path)
		}
	}
	delete(o.views, v.path)
	if v.outer != nil {
		delete(v.outer.inner, filepath.Base(v.path))
	}
	v.folder.views = without(v.folder.views, v)
	o.orphans = true
	if o.index.isRoot(v.path) {
		o.again[v.path] = struct{}{}
	} else {
		o.dropTrail(v.path)
	}
}

// keep remembers what is known of a view's files.
func (o *owner) keep(v *view) {
	for name, f := range v.files {
		o.lost[filepath.Join(v.path, name)] = f
	}
}

func without(views []*view, v *view) []*view {
	for i := range views {
		if views[i] == v {
			return append(views[:i:i], views[i+1:]...)
		}
	}
	return views
}

// rescanView compares a view with what is in its directory now, the directories
// below not included.
func (o *owner) rescanView(v *view) {
	entries, err := o.list(v)
	if err != nil && !vanished(err) {
		return // for the moment, or for ever: nothing can be said of it
	}
	there := make(map[string]fs.DirEntry, len(entries))
	for _, e := range entries {
		there[e.Name()] = e
	}
	for name := range v.files {
		if e := there[name]; e == nil || e.IsDir() {
			o.mark(filepath.Join(v.path, name))
		}
	}
	for name, inner := range v.inner {
		e := there[name]
		stays := e != nil && (e.IsDir() && !inner.linked || e.Type()&fs.ModeSymlink != 0 && inner.linked)
		if !stays && !o.index.isRoot(inner.path) {
			o.drop(inner)
		}
	}
	for _, e := range entries {
		o.found(v, e, true)
	}
}
