package files

import (
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// owner has the state of a Watcher. All its methods run in one goroutine.
type owner struct {
	w *Watcher
	o Options

	backend backend // nil when polling
	pump    *pump
	pumping sync.WaitGroup
	why     string        // why it polls
	poll    time.Time     // when to compare next
	pause   time.Duration // between two comparisons

	index   *index
	folders map[string]*folder // by real path
	watched map[identity]*folder
	views   map[string]*view   // by path
	trails  map[string][]point // by path: where something may happen to it
	orphans bool               // a folder may have neither views nor points
	count   int                // of files that count

	now   time.Time           // of what is being handled
	dirty map[string]struct{} // files that may have changed
	lost  map[string]file     // what was known of files whose view is gone
	stale map[string]struct{} // views whose rules changed
	again map[string]struct{} // paths that lead through what is gone
	burst debounce
	early early
	out   *Change // waits for a reader

	hold     hold
	hasher   *hasher
	buf      []byte
	shunned  map[string]struct{} // directories that could not be read, already said
	problems []error             // of the roots, while a scope is taken over
}

func newOwner(w *Watcher, o Options) (*owner, error) {
	own := &owner{
		w: w, o: o, now: time.Now(),
		pump:    newPump(),
		index:   newIndex(Scope{}, nil),
		folders: map[string]*folder{}, watched: map[identity]*folder{}, views: map[string]*view{}, trails: map[string][]point{},
		dirty: map[string]struct{}{}, lost: map[string]file{}, stale: map[string]struct{}{}, again: map[string]struct{}{},
		burst:   debounce{quiet: o.Debounce, limit: o.MaxWait},
		hold:    newHold(),
		hasher:  newHasher(),
		buf:     make([]byte, 64<<10),
		shunned: map[string]struct{}{},
	}
	if o.Poll {
		own.startPolling("asked for with --poll")
		return own, nil
	}
	if err := own.openBackend(); err != nil {
		advice, ok := limitReached(err)
		if !ok {
			return nil, err
		}
		own.fallBack(advice)
	}
	return own, nil
}

// run serves until Close.
func (o *owner) run() {
	o.w.ended.Go(func() { o.hasher.run(o.w.done) })
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		o.publish()
		timer.Reset(o.wait())
		var out chan Change
		var change Change
		if o.out != nil {
			out, change = o.w.changes, *o.out
		}
		var hints chan Hint
		var hint Hint
		if o.early.out != nil {
			hints, hint = o.w.hints, *o.early.out
		}
		jobs, job := o.hasher.next(o.o.idle)
		select {
		case <-o.w.done:
			o.end()
			return
		case r := <-o.w.requests:
			o.now = time.Now()
			err := o.watch(r.scope)
			o.publish()
			r.reply <- err
		case <-o.pump.wake:
			o.absorb(o.pump.take())
		case out <- change:
			o.out = nil
		case hints <- hint:
			o.early.out = nil
		case jobs <- job:
			o.hasher.busy = true
		case done := <-o.hasher.results:
			o.learn(done)
		case <-timer.C:
			o.now = time.Now()
			o.tick()
		}
	}
}

// end leaves nothing behind.
func (o *owner) end() {
	o.closeBackend()
	close(o.w.changes)
	close(o.w.hints)
	close(o.w.warnings)
}

// watch takes over a scope. What is known of files stays with them, so that what
// changed since is found.
func (o *owner) watch(s Scope) error {
	old := o.index
	if err := o.enterAll(newIndex(s, o.o.Ignore)); err != nil {
		_ = o.enterAll(old) // as it was: its roots have been entered before
		return err
	}
	return nil
}

func (o *owner) enterAll(x *index) error {
	for _, v := range o.views {
		o.keep(v)
	}
	for _, f := range o.folders {
		f.views, f.points = nil, nil
	}
	o.views, o.trails, o.count, o.orphans = map[string]*view{}, map[string][]point{}, 0, true
	o.index, o.problems = x, nil
	clear(o.again)
	o.hasher.queue = nil // of views that are no more
	for _, root := range x.roots() {
		o.enterRoot(root, false)
	}
	o.sweep()
	maps.DeleteFunc(o.lost, func(path string, _ file) bool { return !x.covers(path) })
	if len(o.lost) > 0 {
		o.burst.touch(o.now)
	}
	if len(o.problems) > 0 {
		return o.problems[0]
	}
	return nil
}

// absorb handles drained events.
func (o *owner) absorb(b batch) {
	if o.now = b.last; o.now.IsZero() {
		o.now = time.Now()
	}
	if o.backend == nil {
		return
	}
	if b.lost || b.failed != nil {
		o.reopen()
		o.rescan()
	} else {
		for _, e := range b.events {
			o.happened(e)
		}
	}
	o.sweep()
}

// happened handles one event.
func (o *owner) happened(e event) {
	dir, name := filepath.Dir(e.path), filepath.Base(e.path)
	parent := o.folders[dir]
	if e.op&opGone != 0 && o.folders[e.path] != nil {
		o.moved(e.path, parent == nil)
	}
	if parent != nil {
		for _, v := range slices.Clone(parent.views) {
			o.touched(v, name, e.op)
		}
		for _, path := range slices.Clone(parent.points[name]) {
			o.reach(path, e.op)
		}
	}
	o.revisit()
}

// moved ends the watches of a directory that was removed or moved away, and of
// those in it: they would follow it to its new name. If its parent is not
// watched, nothing else leads to the views of it.
func (o *owner) moved(dir string, alone bool) {
	for path, f := range o.folders {
		if !within(path, dir) {
			continue
		}
		o.unwatch(f)
		if alone {
			for _, v := range f.views {
				o.again[v.path] = struct{}{}
			}
		}
	}
}

// revisit looks again at what leads through directories that are gone.
func (o *owner) revisit() {
	for len(o.again) > 0 {
		for path := range o.again {
			delete(o.again, path)
			o.reach(path, opGone|opCreate)
		}
	}
}

// tick does what is due.
func (o *owner) tick() {
	if o.backend == nil && !o.now.Before(o.poll) {
		o.pollNow()
	}
	if due, ok := o.due(); ok && !o.now.Before(due) {
		o.absorb(o.pump.take()) // what came meanwhile belongs to the burst
		if due, _ = o.due(); !time.Now().Before(due) {
			o.now = time.Now()
			o.settle()
		}
	}
	if due, ok := o.glanceDue(); ok && !o.now.Before(due) {
		o.absorb(o.pump.take())
		if due, ok = o.glanceDue(); ok && !time.Now().Before(due) {
			o.now = time.Now()
			o.glance()
		}
	}
}

// wait returns how long nothing is due.
func (o *owner) wait() time.Duration {
	next := time.Now().Add(time.Hour)
	if o.backend == nil && o.poll.Before(next) {
		next = o.poll
	}
	if due, ok := o.due(); ok && due.Before(next) {
		next = due
	}
	if due, ok := o.glanceDue(); ok && due.Before(next) {
		next = due
	}
	return max(0, time.Until(next))
}

// due returns when the burst has to be looked at.
func (o *owner) due() (time.Time, bool) {
	if o.hold.what != "" {
		return o.hold.check, true
	}
	return o.burst.due()
}

func (o *owner) publish() {
	o.w.stats.set(Stats{
		Directories: len(o.folders), Files: o.count,
		Polling: o.backend == nil, Why: o.why, Held: o.hold.what,
	})
}

func (o *owner) warn(kind WarningKind, text string) {
	select {
	case o.w.warnings <- Warning{kind, text}:
	default:
	}
}
