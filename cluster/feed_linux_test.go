package cluster

import (
	"net/http"
	"testing"
)

// TestFeedIsReadWhenSomebodyLooks sends requests between snapshots.
func TestFeedIsReadWhenSomebodyLooks(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 1})
	await[WorkerReady](l, 1)
	before := l.fresh()
	if got := before.Feed.Recent(); len(got.Requests) != 0 || got.Every != 1 {
		t.Errorf("before any request: %+v", got)
	}
	c := client(t, true)
	if _, err := ask(c, addr, nil); err != nil {
		t.Fatal(err)
	}
	var got Recent
	for len(got.Requests) == 0 {
		if l.ctx.Err() != nil {
			t.Fatal("the request was never noted")
		}
		got = l.fresh().Feed.Recent()
	}
	q := got.Requests[0]
	if q.Method != http.MethodGet || q.Path != "/" || q.Status != 200 || q.Worker != 1 || q.Took <= 0 || q.BytesOut == 0 || q.Fault != "" {
		t.Errorf("noted %+v", q)
	}
	if len(got.Routes) != 1 || got.Routes[0].Path != "/" || got.Routes[0].Requests != 1 || got.Slowest()[0] != got.Routes[0] {
		t.Errorf("routes %+v", got.Routes)
	}
	if again := before.Feed.Recent(); len(again.Requests) != 0 {
		t.Errorf("the feed of an old snapshot has changed: %+v", again)
	}
	var none *Feed
	if got := none.Recent(); got.Every != 0 || got.Requests != nil {
		t.Errorf("no feed has %+v", got)
	}
}
