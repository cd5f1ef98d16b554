package files

import (
	"maps"
	"path/filepath"
	"slices"
)

// settle ends a burst: what changed in truth is given, unless git holds it back.
func (o *owner) settle() {
	if o.o.busy() {
		o.burst.restart(o.now)
		o.hold.check = o.now.Add(holdCheck)
		return
	}
	o.newRules()
	o.heal()
	if o.heldBack() {
		o.early.withdraw()
		return
	}
	if o.gitWasHere() {
		o.rescan()
	}
	c := Change{Began: o.burst.first}
	o.burst.clear()
	now := state{}
	for path := range o.lost {
		o.dirty[path] = struct{}{}
	}
	for path := range o.dirty {
		if j := o.compare(path); j.changed {
			now.add(path, j.now)
			c.Paths = append(c.Paths, path)
			c.Structure = c.Structure || j.structure || moduleFile(path)
		}
	}
	clear(o.dirty)
	clear(o.lost)
	o.sweep()
	c.Hint = o.early.settled(now)
	if len(c.Paths) > 0 {
		o.give(c)
	}
	o.o.settled()
}

// give merges a change into the one that waits, if one does.
func (o *owner) give(c Change) {
	if o.out != nil {
		c.Paths = append(c.Paths, o.out.Paths...)
		c.Structure = c.Structure || o.out.Structure
		c.Hint = 0 // it was of a part of this only
		c.Began = o.out.Began
	}
	slices.Sort(c.Paths)
	c.Paths = slices.Compact(c.Paths)
	o.out = &c
}

// verdict is what became of a file.
type verdict struct {
	now       file
	gone      bool // or does not count any more; now is zero then
	changed   bool // it is another than what is known of it
	structure bool // it came or went
}

// judge tells what became of a file.
func (o *owner) judge(path string) verdict {
	v := o.views[filepath.Dir(path)]
	known, was := o.lost[path]
	if v != nil {
		if k, ok := v.files[filepath.Base(path)]; ok {
			known, was = k, true
		}
	}
	now, err := o.look(path, known, was)
	switch {
	case err != nil:
		return verdict{gone: true, changed: was && o.index.covers(path), structure: was}
	case v == nil || !o.wants(v, path):
		return verdict{gone: true} // by new rules it does not count
	}
	return verdict{now: now, changed: !was || !same(known, now), structure: !was}
}

// compare tells what became of a file, and brings up to date what is known of it.
func (o *owner) compare(path string) verdict {
	name := filepath.Base(path)
	v := o.views[filepath.Dir(path)]
	j := o.judge(path)
	if j.gone {
		o.forget(v, name)
		return j
	}
	if _, ok := v.files[name]; !ok {
		o.count++
	}
	v.files[name] = j.now
	return j
}

// look returns the file at path as it is now. The content is read only if it can
// be another.
func (o *owner) look(path string, known file, was bool) (file, error) {
	now, err := statFile(path, o.now)
	if err != nil || was && known.looks(now) && !known.racy {
		if err == nil {
			now = known
		}
		return now, err
	}
	return hashFile(path, o.buf, o.now)
}

func (o *owner) forget(v *view, name string) {
	if v == nil {
		return
	}
	if _, ok := v.files[name]; ok {
		delete(v.files, name)
		o.count--
	}
}

// same reports whether two states of a file have the same content, as far as is
// known. Where it is not, anything that may be another counts as such.
func same(a, b file) bool {
	if a.hashed && b.hashed {
		return a.hash == b.hash && a.size == b.size
	}
	return a.looks(b) && !a.racy
}

// newRules enters the views again whose ignore files changed. What is left out
// or taken in by that is no change.
func (o *owner) newRules() {
	for _, path := range slices.Sorted(maps.Keys(o.stale)) {
		delete(o.stale, path)
		v := o.views[path]
		if v == nil {
			continue
		}
		resolved, linked := v.folder.path, v.linked
		o.drop(v)
		delete(o.again, path)
		if o.index.isRoot(path) {
			o.enterRoot(path, false)
		} else {
			_ = o.enter(path, resolved, linked, false) // told of by shun
		}
		o.enterInner()
	}
}

// enterInner enters the roots that were dropped together with a view.
func (o *owner) enterInner() {
	for _, root := range slices.Sorted(maps.Keys(o.again)) {
		delete(o.again, root)
		if o.views[root] == nil {
			o.enterRoot(root, false)
		}
	}
}
