package cluster

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestHeldNoLongerThanAsked has no worker that is ever ready.
func TestHeldNoLongerThanAsked(t *testing.T) {
	gate := newGate(t)
	addr := freeAddr(t)
	l := startLive(t, Options{
		Command: gate.program(program("http", addr)), Workers: 1, Ports: []string{addr}, Hold: time.Millisecond,
	})
	await[PortOpened](l, 1)
	c := client(t, false)
	c.Timeout = Options{}.withDefaults().Hold / 2
	resp, err := c.Get("http://127.0.0.1" + addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	page, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusServiceUnavailable || !strings.HasPrefix(string(page), "503 Service Unavailable\n") {
		t.Errorf("answered %s: %q (%v)", resp.Status, page, err)
	}
	if s := l.fresh().Traffic; s.Refused != 1 || s.Held != 0 {
		t.Errorf("counted %+v", s)
	}
}
