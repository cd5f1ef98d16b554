package router

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Recent is what the feed knows of the latest requests.
type Recent struct {
	// Every says that about one request in so many is noted now, drawn by
	// lot; 1 means that all are.
	Every int
	// Requests are the latest ones noted, at most 1,000, in the order in which
	// they ended.
	Requests []Request
	// Routes are those of the requests noted since Since, the most frequent
	// first. Others sums up what is too rare to be among them.
	Routes []Route
	Others Route
	Since  time.Time
	// Sampled says that not all requests since Since were noted, so that the
	// figures of Routes are those of a sample.
	Sampled bool
}

// Request is one request that is over, within HTTP/2 tunnels too.
type Request struct {
	Time time.Time     // when its first byte had come
	Took time.Duration // until the last byte of the response
	// Method and Path (with the query) are as the client sent them; what is
	// not printable is escaped. Cut says that Path was longer.
	Method, Path string
	Cut          bool
	Status       int // that the client got, 0 if none
	// BytesIn went to the worker, BytesOut to the client: heads and bodies, for
	// HTTP/2 the frames of the stream. What follows an upgrade is not in it.
	BytesIn, BytesOut int64
	Worker            int // ID of the backend, 0 if none had it
	Held              bool
	Replayed          bool
	Fault             Fault
}

// Route sums up the requests of one route.
type Route struct {
	// Method and Path identify it. Numbers, UUIDs and the like in the path
	// are shown as ":id", and there is no query.
	Method, Path string
	Requests     uint64  // that were noted
	Errors       uint64  // of these, those answered 5xx or not answered whole
	Share        float64 // of all requests, 0 to 1
	Mean, Max    time.Duration
}

// Recent returns the latest requests. It costs some 400 µs, and holds up requests
// that are to be noted for a part of that.
func (r *Router) Recent() Recent {
	zero := time.Now().Add(time.Duration(-clock())) // clock time 0
	f := r.feed
	f.mu.Lock()
	recent := f.routes.recent(zero)
	noted := make([]record, 0, min(f.noted, feedSize))
	for i := range uint64(feedSize) {
		if rec := f.ring[(f.noted+i)%feedSize]; rec != nil {
			noted = append(noted, *rec)
		}
	}
	f.mu.Unlock()
	recent.Every = int(f.every.Load())
	recent.Requests = make([]Request, len(noted))
	for i := range noted {
		recent.Requests[i] = noted[i].request(zero)
	}
	return recent
}

// request returns r as it is shown.
func (r *record) request(zero time.Time) Request {
	method, path, _ := strings.Cut(printable(r.line[:r.size]), " ")
	return Request{
		Time:     zero.Add(time.Duration(r.at)),
		Took:     time.Duration(r.took),
		Method:   method,
		Path:     path,
		Cut:      r.cut,
		Status:   r.status,
		BytesIn:  r.in,
		BytesOut: r.out,
		Worker:   r.worker,
		Held:     r.held,
		Replayed: r.replayed,
		Fault:    r.fault,
	}
}

// recent returns the counts of both spans.
func (t *routes) recent(zero time.Time) Recent {
	all := make(map[string]*routeCount, len(t.now.all)+len(t.before.all))
	var others, total routeCount
	for _, table := range [...]*routeTable{t.before, t.now} {
		for key, n := range table.all {
			if all[key] == nil {
				all[key] = new(routeCount)
			}
			all[key].merge(n)
			total.merge(n)
		}
		others.merge(&table.others)
	}
	total.merge(&others)
	recent := Recent{
		Routes:  make([]Route, 0, len(all)),
		Others:  others.route("", total.stands),
		Since:   zero.Add(time.Duration(t.before.since)),
		Sampled: t.before.thin || t.now.thin,
	}
	for key, n := range all {
		recent.Routes = append(recent.Routes, n.route(key, total.stands))
	}
	slices.SortFunc(recent.Routes, func(a, b Route) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	return recent
}

// route returns n as it is shown, of requests that stand for total.
func (n *routeCount) route(key string, total float64) Route {
	method, path, _ := strings.Cut(printable([]byte(key)), " ")
	r := Route{
		Method: method, Path: path,
		Requests: n.requests, Errors: n.errors, Max: time.Duration(n.max),
	}
	if n.requests > 0 {
		r.Share, r.Mean = n.stands/total, time.Duration(n.sum/n.stands)
	}
	return r
}
