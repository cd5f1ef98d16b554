package router

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestFold(t *testing.T) {
	const uuid = "01234567-89ab-cdef-0123-456789ABCDEF"
	for line, want := range map[string]string{
		"GET /":                            "GET /",
		"GET /?page=2":                     "GET /",
		"GET /users/123":                   "GET /users/:id",
		"GET /users/123/posts/7/":          "GET /users/:id/posts/:id/",
		"GET /1":                           "GET /:id",
		"GET //2//":                        "GET //:id//",
		"GET /o/" + uuid:                   "GET /o/:id",
		"GET /o/" + uuid + "0":             "GET /o/" + uuid + "0",
		"GET /o/" + uuid[:35]:              "GET /o/" + uuid[:35],
		"GET /c/507f1f77bcf86cd799439011/": "GET /c/:id/",
		"GET /c/507f1f7":                   "GET /c/507f1f7",
		"GET /cafe/facade/defaced/acceded": "GET /cafe/facade/defaced/acceded",
		"GET /effaced/deadbeefdeadbeef":    "GET /effaced/deadbeefdeadbeef",
		"GET /v2/2024-01-02/app.12.js":     "GET /v2/2024-01-02/app.12.js",
		"GET http://h:80/a/5?b":            "GET /a/:id",
		"GET http://h:80":                  "GET http://h:80",
		"GET /to/http://h/5":               "GET /to/http://h/:id",
		"OPTIONS *":                        "OPTIONS *",
		"CONNECT h:443":                    "CONNECT h:443",
		"":                                 " ",
	} {
		if got := string(fold(nil, []byte(line), false)); got != want {
			t.Errorf("%q folds to %q, want %q", line, got, want)
		}
	}
	if got := string(fold(nil, []byte("GET /long"), true)); got != "GET /long…" {
		t.Errorf("a path that is cut folds to %q", got)
	}
	if got := string(fold(nil, []byte("GET /a?long"), true)); got != "GET /a" {
		t.Errorf("a query that is cut folds to %q", got)
	}
	longest := ("G " + strings.Repeat("/1", lineSize))[:lineSize]
	if len(fold(nil, []byte(longest), true)) > 2*lineSize+len(ellipsis) {
		t.Error("longer than promised")
	}
}

// noteLine counts a request that ended at a clock time.
func noteLine(t *routes, line string, stands uint32, took time.Duration, status int, now time.Duration) {
	r := record{at: int64(now - took), took: int64(took), stands: stands, status: status}
	r.put(line)
	t.count(&r)
}

// TestRoutesAreBounded has two frequent routes among ever new ones.
func TestRoutesAreBounded(t *testing.T) {
	table := newRoutes(0)
	const all = 30_000
	for i := range all {
		line := fmt.Sprintf("GET /scan%d.php", i)
		if i%10 == 0 {
			line = "GET /often"
		}
		if i%20 == 1 && i > all/2 {
			line = "GET /lately"
		}
		noteLine(&table, line, 1, time.Millisecond, 404, time.Second)
	}
	got := table.recent(time.Now())
	if len(got.Routes) != maxRoutes {
		t.Errorf("%d routes", len(got.Routes))
	}
	if first := got.Routes[0]; first.Path != "/often" || first.Requests != all/10 || first.Errors != 0 || first.Mean != time.Millisecond {
		t.Errorf("the first is %+v", first)
	}
	if second := got.Routes[1]; second.Path != "/lately" || second.Requests != all/40 {
		t.Errorf("the second is %+v", second)
	}
	sum, share := got.Others.Requests, got.Others.Share
	for _, r := range got.Routes {
		sum, share = sum+r.Requests, share+r.Share
	}
	if sum != all || share < 0.999 || share > 1.001 || got.Sampled {
		t.Errorf("%d requests, %.3f of all, sampled: %v", sum, share, got.Sampled)
	}
}

// TestRoutesWeigh mixes requests that stand for many with such that do not.
func TestRoutesWeigh(t *testing.T) {
	table := newRoutes(0)
	noteLine(&table, "GET /slow", 1, 4*time.Second, 500, 5*time.Second)
	noteLine(&table, "GET /fast", 3, time.Second, 200, 5*time.Second)
	noteLine(&table, "GET /slow", 1, 2*time.Second, 200, 5*time.Second)
	got := table.recent(time.Now())
	want := []Route{
		{Method: "GET", Path: "/fast", Requests: 1, Share: 0.6, Mean: time.Second, Max: time.Second},
		{Method: "GET", Path: "/slow", Requests: 2, Errors: 1, Share: 0.4, Mean: 3 * time.Second, Max: 4 * time.Second},
	}
	if !got.Sampled || len(got.Routes) != 2 || got.Routes[0] != want[0] || got.Routes[1] != want[1] {
		t.Errorf("got %+v", got)
	}
}

// TestRoutesForget lets spans pass.
func TestRoutesForget(t *testing.T) {
	table := newRoutes(0)
	count := func() (n uint64) {
		for _, r := range table.recent(time.Now()).Routes {
			n += r.Requests
		}
		return n
	}
	for i, want := range []uint64{1, 2, 3, 4, 3, 4, 3} {
		noteLine(&table, "GET /", 1, 0, 200, time.Duration(i)*routeSpan/2)
		if got := count(); got != want {
			t.Errorf("after %d halves of a span %d are counted, want %d", i, got, want)
		}
	}
}
