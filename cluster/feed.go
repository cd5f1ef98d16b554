package cluster

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"gcl-tui/cluster/internal/router"
)

// Feed is the latest requests, as of some moment after its snapshot was
// published: it is read when somebody looks first, so that it costs nothing while
// nobody does. A nil Feed has none: the kernel balances, and nobody sees requests.
type Feed struct {
	once   sync.Once
	read   func() Recent
	recent Recent
}

// NewFeed returns a feed of what read returns, which is called at most once.
func NewFeed(read func() Recent) *Feed { return &Feed{read: read} }

// Recent returns the latest requests: the same, immutable value at each call. The
// first one costs about half a millisecond.
func (f *Feed) Recent() Recent {
	if f == nil {
		return Recent{}
	}
	f.once.Do(func() { f.recent, f.read = f.read(), nil })
	return f.recent
}

// Recent is the latest requests, and which routes they take.
type Recent struct {
	// Every says that about one request in so many is noted now, drawn by
	// lot; 1 means that all are, as they are up to 2,000 a second. 0 means
	// that nobody sees requests.
	Every int
	// Requests are the latest that were noted, at most 1,000, in the order in
	// which they ended.
	Requests []Request
	// Routes are those of the requests noted since Since, one to two minutes
	// ago if there were any, the most frequent first. Others sums up what is
	// too rare to be among them.
	Routes []Route
	Others Route
	Since  time.Time
	// Sampled says that not all requests since Since were noted, so that the
	// figures of Routes are those of a sample, to be shown as such.
	Sampled bool
}

// Request is one request that is over.
type Request struct {
	Time time.Time     // when its first byte had come
	Took time.Duration // until the last byte of the response
	// Method and Path (with the query) are as the client sent them, except
	// that what is not printable is written as \x1b or \u202e. Cut says that
	// Path was longer than what is kept, some 200 bytes.
	Method, Path string
	Cut          bool
	Status       int // that the client got, 0 if none
	// BytesIn went to the worker, BytesOut to the client: heads and bodies, for
	// HTTP/2 the frames of the stream. What follows an upgrade is not in it.
	BytesIn, BytesOut int64
	Worker            int  // slot, 0 if none had it
	Held              bool // it waited because no worker was ready
	Replayed          bool // a worker was lost, another one answered
	// Fault says in a few words why there is no whole response of a worker;
	// empty if there is one.
	Fault string
}

// Route sums up the requests of one route.
type Route struct {
	// Method and Path identify it. Numbers, UUIDs and the like in the path
	// are written as ":id", and there is no query.
	Method, Path string
	Requests     uint64  // that were noted
	Errors       uint64  // of these, those answered 5xx or not answered whole
	Share        float64 // of all requests, 0 to 1
	Mean, Max    time.Duration
}

// Slowest returns the routes, those with the longest mean first.
func (r Recent) Slowest() []Route {
	return slices.SortedStableFunc(slices.Values(r.Routes), func(a, b Route) int {
		return cmp.Compare(b.Mean, a.Mean)
	})
}

// feedOf returns the feed of a router.
func feedOf(r *router.Router) *Feed {
	return NewFeed(func() Recent {
		now := r.Recent()
		recent := Recent{
			Every: now.Every, Since: now.Since, Sampled: now.Sampled, Others: Route(now.Others),
			Requests: make([]Request, len(now.Requests)),
			Routes:   make([]Route, len(now.Routes)),
		}
		for i, q := range now.Requests {
			recent.Requests[i] = Request{
				Time: q.Time, Took: q.Took, Method: q.Method, Path: q.Path, Cut: q.Cut,
				Status: q.Status, BytesIn: q.BytesIn, BytesOut: q.BytesOut, Worker: q.Worker,
				Held: q.Held, Replayed: q.Replayed, Fault: q.Fault.String(),
			}
		}
		for i, route := range now.Routes {
			recent.Routes[i] = Route(route)
		}
		return recent
	})
}
