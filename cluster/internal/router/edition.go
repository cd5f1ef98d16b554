package router

import (
	"math/rand/v2"
	"strconv"
)

// An edition names what a browser would get now, so that a page can tell that it
// is not of it: the generation that serves, or the outage that keeps all from
// serving. It is another one for each Router, so that a page does not take the
// first generation of a new run for that of the one before.

// newInstance returns what the editions of one router begin with.
func newInstance() string { return strconv.FormatUint(rand.Uint64(), 36) }

// SetGeneration says which generation of the program the backend runs. Call it
// before Ready.
func (b *Backend) SetGeneration(n int) { b.generation.Store(int64(n)) }

// edition is that of pages that the backend gives out.
func (b *Backend) edition() string {
	return b.r.instance + "-" + strconv.FormatInt(b.generation.Load(), 10)
}

// standing is what a port can offer.
type standing struct {
	kind    string // "up", "down", or empty while that is not decided
	edition string
}

func (p *Port) standing() standing {
	if ready := *p.ready.Load(); len(ready) > 0 {
		return standing{"up", ready[0].b.edition()}
	}
	if n := p.r.outage.Load(); n != 0 {
		return standing{"down", p.r.instance + "-outage-" + strconv.FormatInt(n, 10)}
	}
	return standing{}
}

// event returns a standing as one of server-sent events.
func (s standing) event() string {
	return "event: " + s.kind + "\ndata: " + s.edition + "\n\n"
}
