package main

import (
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// All requests are due at once, more or less, so those answered later took
// longer: the ones that had to wait for an answer that stalled, too.
func TestPacerCountsFromWhenRequestsAreDue(t *testing.T) {
	const n, conns, stalled = 100, 4, 12
	var seen atomic.Int64
	others := make(chan struct{}) // closed when those of all other connections have come
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch seen.Add(1) {
		case stalled:
			<-others
		case n - n/conns + 1:
			close(others)
		}
		hello(w, r)
	}))
	defer s.Close()
	p, err := newPacer(s.Listener.Addr().String(), conns, schedule{step: 1, n: n})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.run(); err != nil {
		t.Fatal(err)
	}
	if got := seen.Load(); got != n || len(p.took) != n {
		t.Errorf("%d requests came and %d were answered, want %d", got, len(p.took), n)
	}
	for i := 1; i < len(p.took); i++ {
		if p.took[i] < p.took[i-1]-p.due(n) {
			t.Errorf("answer %d took %v, the one before it %v", i+1, p.took[i], p.took[i-1])
		}
	}
}

func TestAnswered(t *testing.T) {
	const head = "HTTP/1.1 200 OK\r\ndate: today\r\ncontent-length: 5\r\n\r\n"
	for _, c := range []struct {
		text        string
		whole, fail bool
	}{
		{"", false, false},
		{head[:20], false, false},
		{head, false, false},
		{head + "hell", false, false},
		{head + "hello", true, false},
		{head + "hello!", false, true},
		{"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", false, true},
		{"HTTP/1.1 200 OK\r\nX: y\r\n\r\n", false, true},
	} {
		if whole, err := answered([]byte(c.text)); whole != c.whole || (err != nil) != c.fail {
			t.Errorf("%q: %v, %v", c.text, whole, err)
		}
	}
}
