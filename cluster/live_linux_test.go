package cluster

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// deadline bounds every test with real processes.
const deadline = 2 * time.Minute

// live is a cluster of real processes.
type live struct {
	*Cluster
	t    *testing.T
	ctx  context.Context
	sub  *Subscription
	come []Event // not looked at yet
	seen []Event
}

// startLive starts a cluster. At the end of the test it is stopped, and no
// goroutine and no descriptor of it may be left.
func startLive(t *testing.T, opts Options) *live {
	t.Helper()
	openFirst(t)
	goroutines, descriptors := goleak.IgnoreCurrent(), countDescriptors(t)
	if opts.Environ == nil {
		opts.Environ = func() ([]string, error) { return []string{"GOMAXPROCS=1"}, nil }
	}
	c, err := Start(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(func() {
		defer cancel()
		c.Stop()
		if err := c.Wait(ctx); err != nil {
			t.Errorf("the cluster ended with %v", err)
		}
		nothingLeft(t, goroutines, descriptors)
	})
	return &live{Cluster: c, t: t, ctx: ctx, sub: c.Subscribe()}
}

// nothingLeft fails the test unless all goroutines end that are not to be ignored,
// and no more descriptors are open than before. What ends may take its time.
func nothingLeft(t *testing.T, ignored goleak.Option, before int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; runtime.Gosched() {
		err, open := goleak.Find(ignored), countDescriptors(t)
		if err == nil && open <= before {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%d descriptors are open, %d were before; %v", open, before, err)
			return
		}
	}
}

// openFirst has the runtime open what it keeps from the first use on.
func openFirst(t *testing.T) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

func countDescriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// next returns the next event, and makes sure that none was missed.
func (l *live) next() Event {
	l.t.Helper()
	if len(l.come) == 0 {
		b, err := l.sub.Next(l.ctx)
		if err != nil {
			l.t.Fatalf("%v, after %s", err, l.told())
		}
		if b.MissedEvents != 0 {
			l.t.Errorf("%d events were missed", b.MissedEvents)
		}
		l.come = b.Events
	}
	e := l.come[0]
	l.come, l.seen = l.come[1:], append(l.seen, e)
	return e
}

// await reads on until n events of a type have come, and returns them.
func await[E EventData](l *live, n int) []E {
	l.t.Helper()
	var found []E
	for len(found) < n {
		if d, ok := l.next().Data.(E); ok {
			found = append(found, d)
		}
	}
	return found
}

// fresh returns a snapshot of now: that of an event is made after it is told.
func (l *live) fresh() *Snapshot {
	l.t.Helper()
	if err := l.ask(func(o *owner) { o.publish() }); err != nil {
		l.t.Fatal(err)
	}
	return l.Snapshot()
}

// told returns the latest events, for a failure.
func (l *live) told() string {
	var s strings.Builder
	for _, e := range l.seen[max(0, len(l.seen)-20):] {
		fmt.Fprintf(&s, "\n%d %s %+v", e.Seq, e.Name(), e.Data)
	}
	return s.String()
}

// client returns one with connections of its own, closed with the test.
func client(t *testing.T, keepAlive bool) *http.Client {
	t.Helper()
	tr := &http.Transport{DisableKeepAlives: !keepAlive}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: deadline}
}

// answer is who answered, and with what.
type answer struct {
	slot, pid int
	body      string
}

func ask(c *http.Client, addr string, body io.Reader) (a answer, err error) {
	method := http.MethodGet
	if body != nil {
		method = http.MethodPost
	}
	req, err := http.NewRequest(method, "http://127.0.0.1"+addr, body)
	if err != nil {
		return a, err
	}
	resp, err := c.Do(req)
	if err != nil {
		return a, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return a, err
	}
	if _, err := fmt.Sscanf(string(text), "%d %d", &a.slot, &a.pid); err != nil || resp.StatusCode != http.StatusOK {
		return a, fmt.Errorf("answered %s: %q", resp.Status, text)
	}
	_, rest, _ := strings.Cut(string(text), " ")
	_, a.body, _ = strings.Cut(rest, " ")
	return a, nil
}
