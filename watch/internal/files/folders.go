package files

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"syscall"
)

// folderAt returns the watched directory of a real path.
func (o *owner) folderAt(real string) (*folder, error) {
	f := o.folders[real]
	if f == nil {
		f = &folder{path: real}
		o.folders[real] = f
	}
	if f.watched {
		return f, nil
	}
	return f, o.addWatch(f)
}

// addWatch watches a directory, also one that may be watched already. If a limit
// is reached everything is polled from then on.
func (o *owner) addWatch(f *folder) error {
	if o.backend == nil {
		f.watched = true
		return nil
	}
	err := o.backend.add(f.path)
	if advice, reached := limitReached(err); reached {
		o.fallBack(advice)
		err = nil
	}
	f.watched = err == nil
	return err
}

// unwatch ends a watch, for a directory that is gone or is another one by now.
// Whatever leads through it is looked at again.
func (o *owner) unwatch(f *folder) {
	if o.backend != nil && f.watched {
		_ = o.backend.remove(f.path) // it is gone
	}
	f.watched, o.orphans = false, true
	for _, paths := range f.points {
		for _, path := range paths {
			o.again[path] = struct{}{}
		}
	}
}

// sweep ends the watches that nothing needs any more.
func (o *owner) sweep() {
	if !o.orphans {
		return
	}
	o.orphans = false
	for path, f := range o.folders {
		if f.idle() {
			o.unwatch(f)
			delete(o.folders, path)
		}
	}
	o.orphans = false
}

// addTrail watches the places through which a path leads, instead of those
// known so far. It returns the real path of its end, or why there is none.
func (o *owner) addTrail(path string) (real string, err error) {
	o.dropTrail(path)
	points, real, err := trail(path)
	o.trails[path] = points
	for _, p := range points {
		f, addErr := o.folderAt(p.dir)
		if addErr != nil && err == nil && !vanished(addErr) {
			o.shun(p.dir, addErr)
		}
		if f.points == nil {
			f.points = map[string][]string{}
		}
		f.points[p.name] = append(f.points[p.name], path)
	}
	return real, err
}

func (o *owner) dropTrail(path string) {
	for _, p := range o.trails[path] {
		f := o.folders[p.dir]
		if f == nil {
			continue
		}
		f.points[p.name] = slices.DeleteFunc(f.points[p.name], func(s string) bool { return s == path })
		if len(f.points[p.name]) == 0 {
			delete(f.points, p.name)
		}
		o.orphans = true
	}
	delete(o.trails, path)
}

// trailChanged reports whether a path leads elsewhere than it did.
func (o *owner) trailChanged(path string) bool {
	points, _, err := trail(path)
	if !slices.Equal(points, o.trails[path]) {
		return true
	}
	return o.index.isRoot(path) && (err == nil) != (o.views[path] != nil)
}

// shun notes a directory that cannot be read and tells of it once.
func (o *owner) shun(dir string, err error) {
	if _, known := o.shunned[dir]; known {
		return
	}
	o.shunned[dir] = struct{}{}
	o.warn(WarnUnreadable, "changes in "+dir+" are not noticed: "+reason(err))
}

// reason returns an error without the path that the sentence names already.
func reason(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}

// vanished reports whether something is not there, or not any more.
func vanished(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || errors.Is(err, syscall.ELOOP)
}

// sortedViews returns the views, outer ones first.
func (o *owner) sortedViews() []*view {
	views := make([]*view, 0, len(o.views))
	for _, path := range slices.Sorted(maps.Keys(o.views)) {
		views = append(views, o.views[path])
	}
	return views
}
