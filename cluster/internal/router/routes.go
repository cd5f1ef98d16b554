package router

import (
	"bytes"
	"time"
)

const (
	// maxRoutes bounds how many routes are counted at a time.
	maxRoutes = 128
	// routeSpan is how long one table counts. The one before is kept too, so
	// that what is known reaches back one to two spans.
	routeSpan = time.Minute
)

// routes counts noted requests by route: method and path, without the query and
// with what names one thing among many folded. It belongs to the feed's lock.
type routes struct {
	now, before *routeTable
}

// routeTable counts the requests of a span of time. When it is full, the route
// seen least often makes room: the one that comes takes over its rank, as in the
// space-saving algorithm (Metwally, Agrawal, El Abbadi 2005), so whatever has
// more than one in maxRoutes of all requests is in the table. Its counts are not
// taken over: they go to the others, so that no count is too high.
type routeTable struct {
	since  int64 // clock time
	all    map[string]*routeCount
	others routeCount
	thin   bool // not all requests were noted
	// key is where a route is put together. On the stack of the connections it
	// would make each of theirs larger for good.
	key []byte
}

// routeCount sums up the requests of a route.
type routeCount struct {
	requests uint64
	errors   uint64  // without a whole response, or 5xx
	stands   float64 // for so many requests
	sum      float64 // nanoseconds, of all that it stands for
	max      int64
	rank     float64
}

func newRoutes(now int64) routes {
	return routes{now: newRouteTable(now), before: newRouteTable(now)}
}

func newRouteTable(now int64) *routeTable {
	return &routeTable{since: now, all: make(map[string]*routeCount)}
}

// count adds a request.
func (t *routes) count(r *record) {
	if now := r.at + r.took; now-t.now.since >= int64(routeSpan) {
		t.now, t.before = newRouteTable(now), t.now
	}
	t.now.count(r)
}

func (t *routeTable) count(r *record) {
	t.key = fold(t.key[:0], r.line[:r.size], r.cut)
	key := t.key
	n := t.all[string(key)]
	if n == nil {
		n = new(routeCount)
		if len(t.all) == maxRoutes {
			n.rank = t.evict()
		}
		t.all[string(key)] = n
	}
	t.thin = t.thin || r.stands > 1
	n.add(r)
}

// evict takes the least frequent route out and returns its rank.
func (t *routeTable) evict() float64 {
	var least string
	var n *routeCount
	for key, c := range t.all {
		if n == nil || c.rank < n.rank {
			least, n = key, c
		}
	}
	delete(t.all, least)
	t.others.merge(n)
	return n.rank
}

func (n *routeCount) add(r *record) {
	stands := float64(r.stands)
	n.requests++
	n.stands += stands
	n.rank += stands
	n.sum += float64(r.took) * stands
	n.max = max(n.max, r.took)
	if r.failed() {
		n.errors++
	}
}

func (n *routeCount) merge(o *routeCount) {
	n.requests += o.requests
	n.errors += o.errors
	n.stands += o.stands
	n.sum += o.sum
	n.max = max(n.max, o.max)
}

// failed says whether the request went wrong on the server's side.
func (r *record) failed() bool {
	return r.status >= 500 || r.fault != NoFault && r.fault != ClientLeft
}

const (
	ellipsis = "…"
	folded   = ":id"
)

// fold appends the route of a request line, which is not complete if cut, to dst:
// at most two bytes for each of the line and an ellipsis.
func fold(dst, line []byte, cut bool) []byte {
	method, target, _ := bytes.Cut(line, []byte{' '})
	dst = append(append(dst, method...), ' ')
	path, _, query := bytes.Cut(target, []byte{'?'})
	if scheme := bytes.Index(path, []byte("://")); scheme > 0 && path[0] != '/' {
		if root := bytes.IndexByte(path[scheme+3:], '/'); root >= 0 {
			path = path[scheme+3+root:]
		}
	}
	for len(path) > 0 {
		if path[0] == '/' {
			dst, path = append(dst, '/'), path[1:]
			continue
		}
		segment := path
		if end := bytes.IndexByte(path, '/'); end >= 0 {
			segment = path[:end]
		}
		path = path[len(segment):]
		if identifies(segment) {
			dst = append(dst, folded...)
		} else {
			dst = append(dst, segment...)
		}
	}
	if cut && !query {
		dst = append(dst, ellipsis...)
	}
	return dst
}

const (
	uuidSize = 36 // RFC 9562, section 4: 8-4-4-4-12 hexadecimal digits
	hexLeast = 8  // as long as this, hexadecimal digits are hardly a word
)

// identifies says whether a segment of a path looks like it names one thing among
// many: a number, a UUID, or hexadecimal digits with a decimal one among them.
func identifies(segment []byte) bool {
	decimal, hex, dashes := 0, 0, 0
	for i, c := range segment {
		switch {
		case '0' <= c && c <= '9':
			decimal++
		case 'a' <= c && c <= 'f', 'A' <= c && c <= 'F':
			hex++
		case c == '-' && (i == 8 || i == 13 || i == 18 || i == 23):
			dashes++
		default:
			return false
		}
	}
	switch {
	case dashes > 0:
		return dashes == 4 && len(segment) == uuidSize
	case hex == 0:
		return true
	}
	return decimal > 0 && len(segment) >= hexLeast
}
