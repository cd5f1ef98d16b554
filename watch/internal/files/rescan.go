package files

import (
	"maps"
	"slices"
	"time"
)

// How often everything is compared when polling: at least this long apart, and
// so rarely that it takes no more than a twentieth of a core.
const (
	pollPause    = 500 * time.Millisecond
	maxPollPause = 10 * time.Second
	pollShare    = 20
)

// openBackend starts to use the events of the system.
func (o *owner) openBackend() error {
	b, err := o.o.open()
	if err != nil {
		return err
	}
	o.backend = b
	o.pumping.Go(func() { o.pump.run(b) })
	return nil
}

func (o *owner) closeBackend() {
	if o.backend != nil {
		_ = o.backend.close() // nothing is lost with it
		o.pumping.Wait()
		o.backend = nil
	}
}

// fallBack polls from now on.
func (o *owner) fallBack(advice string) {
	o.closeBackend()
	o.startPolling(advice)
	o.warn(WarnPolling, advice)
}

func (o *owner) startPolling(why string) {
	o.why, o.pause = why, pollPause
	o.poll = o.now.Add(o.pause)
}

// pollNow compares everything and says when to do it again.
func (o *owner) pollNow() {
	began := time.Now()
	o.rescan()
	o.sweep()
	took := time.Since(began)
	o.pause = min(max(pollPause, pollShare*took), maxPollPause)
	o.poll = time.Now().Add(o.pause)
}

// reopen begins anew with the events, some of which were lost: also those that
// say which directory a watch belongs to.
func (o *owner) reopen() {
	o.closeBackend()
	o.pump.take()
	if err := o.openBackend(); err != nil {
		advice, ok := limitReached(err)
		if !ok {
			advice = "changes are looked for periodically: " + err.Error()
		}
		o.fallBack(advice)
	}
	clear(o.watched)
	for _, f := range o.folders {
		f.watched = false
		if err := o.addWatch(f, identify(f.path)); err != nil && !vanished(err) {
			o.shun(f.path, err)
		}
	}
}

// rescan compares all that is known with what is there, by times and size. What
// looks different is compared by content when the burst settles.
func (o *owner) rescan() {
	for _, path := range slices.Sorted(maps.Keys(o.trails)) {
		if _, known := o.trails[path]; known && o.trailChanged(path) {
			o.reach(path, opGone|opCreate)
		}
	}
	o.revisit()
	for _, v := range o.sortedViews() {
		if o.views[v.path] == v {
			o.rescanView(v)
		}
	}
	o.revisit()
}
