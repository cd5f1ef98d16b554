package cluster

import (
	"fmt"
	"slices"
	"strings"

	"gcl-tui/cluster/internal/router"
)

// An outage is a time in which no worker will come by itself: what there is cannot
// be built, or was given up. Requests are then refused at once, and the router
// shows browsers why.

// hopeless says whether there is an outage.
func (o *owner) hopeless() bool {
	if o.serving == nil {
		return len(o.source.Problems) > 0
	}
	for _, s := range o.slots {
		if !s.failed && !s.stopped && !s.leaving {
			return false
		}
	}
	return o.rollout == nil && len(o.slots) > 0
}

// publishOutage lets the router know whether there is one, and that its reason is
// another one than before.
func (o *owner) publishOutage() {
	hopeless := o.hopeless()
	if hopeless && (!o.outage.is || o.outage.changed) {
		o.outage.number++
	}
	o.outage.is, o.outage.changed = hopeless, false
	crashes := o.crashes()
	o.c.crashes.Store(&crashes)
	if hopeless {
		o.router.SetOutage(o.outage.number)
	} else {
		o.router.SetOutage(0)
	}
}

// outage is what publishOutage remembers.
type outage struct {
	is, changed bool // changed: there was another reason since
	number      int  // of the latest one
}

// explain says why nobody can serve. It reads what is published, so any goroutine
// may call it.
func (c *Cluster) explain(detailed bool) (e router.Explanation) {
	s := c.Snapshot()
	if s == nil {
		return router.Explanation{Summary: "no worker is ready yet"}
	}
	e.Summary = summary(s)
	if !detailed {
		return e
	}
	for i, p := range s.Source.Problems {
		if i == shownProblems {
			e.Parts = append(e.Parts, router.Part{Message: fmt.Sprintf("and %d more", len(s.Source.Problems)-i)})
			break
		}
		e.Parts = append(e.Parts, problemPart(p))
	}
	if crashes := c.crashes.Load(); crashes != nil {
		e.Parts = append(e.Parts, crashParts(*crashes, c.dir)...)
	}
	return e
}

// shownProblems is how many things that a compiler found are shown.
const shownProblems = 20

// summary says in one line why nobody can serve.
func summary(s *Snapshot) string {
	in := func(states ...State) (n int) {
		for _, w := range s.Workers {
			if slices.Contains(states, w.State) {
				n++
			}
		}
		return n
	}
	broken := len(s.Source.Problems) > 0
	switch {
	case broken && s.Generation == 0:
		return "the build failed"
	case in(StateReady) > 0:
		return "no ready worker listens on this port"
	case broken:
		return "no worker is ready, and the build failed"
	case in(StateFailed) > 0:
		return "the app keeps crashing"
	case len(s.Workers) > 0 && in(StateExited) == len(s.Workers):
		return "all workers are stopped"
	}
	return "no worker is ready"
}

// problemPart returns what a compiler found, with the source that it is about.
func problemPart(p BuildError) router.Part {
	where := p
	where.Text = ""
	title := strings.TrimSuffix(where.String(), ": ")
	text, mark := excerpt(p)
	return router.Part{Title: title, Message: p.Text, Text: text, Mark: mark}
}
