package files

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"syscall"
)

// folderAt returns the watched directory of a real path.
func (o *owner) folderAt(resolved string) (*folder, error) {
	f := o.folders[resolved]
	if f == nil {
		f = &folder{path: resolved}
		o.folders[resolved] = f
	}
	if id := identify(resolved); !f.watched || f.id != id {
		return f, o.addWatch(f, id)
	}
	return f, nil
}

// addWatch watches a directory. If a limit is reached everything is polled from
// then on.
//
// The system watches what a path leads to, not the path. A directory that was
// moved, which the events have yet to tell, may be watched by its old name: that
// ends first, or its events would go on to come by that name, and end with it.
func (o *owner) addWatch(f *folder, id identity) error {
	if f.watched {
		o.endWatch(f)
	}
	if old := o.watched[id]; old != nil {
		o.endWatch(old)
	}
	if o.backend != nil {
		err := o.backend.add(f.path)
		if advice, reached := limitReached(err); reached {
			o.fallBack(advice)
		} else if err != nil {
			return err
		}
	}
	if f.watched, f.id = true, id; id != (identity{}) {
		o.watched[id] = f
	}
	return nil
}

// endWatch is the reverse of addWatch.
func (o *owner) endWatch(f *folder) {
	if o.backend != nil {
		_ = o.backend.remove(f.path) // it may be gone
	}
	f.watched = false
	delete(o.watched, f.id)
}

// heal watches again what has lost its watch though it is there: if directories
// were moved faster than the events tell, one may have taken another's. Now that
// nothing happens any more, what the paths lead to is certain.
func (o *owner) heal() {
	var blind []*folder
	for _, f := range o.folders {
		if !f.watched && !f.idle() {
			blind = append(blind, f)
		}
	}
	for _, f := range blind {
		id := identify(f.path)
		if id == (identity{}) || o.addWatch(f, id) != nil {
			continue
		}
		for _, v := range slices.Clone(f.views) {
			o.rescanView(v)
		}
	}
	o.revisit()
}

// unwatch ends a watch, for a directory that is gone or is another one by now.
// Whatever leads through it is looked at again.
func (o *owner) unwatch(f *folder) {
	if o.orphans = true; f.watched {
		o.endWatch(f)
	}
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

// maxTrails is how often a path is followed that leads elsewhere each time.
const maxTrails = 10

// addTrail watches the places through which a path leads, instead of those
// known so far. It returns the real path of its end, or why there is none. What
// comes or goes before it is watched is seen by following the path once more.
func (o *owner) addTrail(path string) (resolved string, err error) {
	points, resolved, err := trail(path)
	for range maxTrails {
		o.dropTrail(path)
		o.watchTrail(path, points)
		seen, end := points, resolved
		points, resolved, err = trail(path)
		if resolved == end && slices.Equal(points, seen) {
			break
		}
	}
	return resolved, err
}

// watchTrail watches the places through which a path leads.
func (o *owner) watchTrail(path string, points []point) {
	o.trails[path] = points
	for _, p := range points {
		f, err := o.folderAt(p.dir)
		if err != nil && !vanished(err) {
			o.shun(p.dir, err)
		}
		if f.points == nil {
			f.points = map[string][]string{}
		}
		f.points[p.name] = append(f.points[p.name], path)
	}
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
