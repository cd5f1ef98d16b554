//go:build linux

package e2e

import (
	"net"
	"strings"
	"syscall"
	"testing"
)

// TestDemo: real workers that are adopted as others are, a load, crashes.
func TestDemo(t *testing.T) {
	port := freePort(t)
	h := startHeadless(t, []string{"PORT=1"}, "demo", "-n", "3", "--seed", "1", "-p", "127.0.0.1:"+port)
	if started := h.awaitEvent("cluster_started"); started.Workers != 3 || started.Adoption != "seccomp" {
		t.Errorf("cluster_started says %+v", started)
	}
	h.awaitReady(3)
	if status, body := get(t, "http://127.0.0.1:"+port+"/"); status != 200 || !strings.Contains(body, "Answered by worker") {
		t.Errorf("got %d %s", status, body)
	}
	h.awaitLog("error: /fail")
	h.awaitLog("slow query")
	crash := h.await("a crash", func(e event) bool { return e.Event == "worker_exited" })
	if crash.Expected || crash.Code != 2 || !strings.Contains(crash.Reason, "assignment to entry in nil map") {
		t.Errorf("worker_exited says %+v", crash)
	}
	h.await("its replacement", func(e event) bool { return e.Event == "worker_ready" && e.Worker == crash.Worker })
	h.signal(syscall.SIGINT)
	if code := h.wait(); code != 0 {
		t.Errorf("exit code %d, stderr %q", code, h.stderr.String())
	}
	checkEnd(t, h)
}

// TestDemoWithoutAdoption: where workers cannot share a port, each has its own.
func TestDemoWithoutAdoption(t *testing.T) {
	port := freePort(t)
	h := startHeadless(t, nil, "demo", "-n", "2", "--adopt", "off", "-p", port)
	h.awaitReady(2)
	if status, _ := get(t, "http://127.0.0.1:"+port+"/"); status != 200 {
		t.Errorf("status %d", status)
	}
}

// TestDemoFindsPort: the usual one is taken, by this test or by somebody else, who
// may have gone before the demo looks: then it is tried again.
func TestDemoFindsPort(t *testing.T) {
	for said := false; !said; {
		listener, err := net.Listen("tcp", "127.0.0.1:8080")
		mine := err == nil
		if mine {
			defer listener.Close()
		}
		p := startPlain(t, nil, "demo", "-n", "1")
		p.awaitStdout(" ready ")
		p.signal(syscall.SIGTERM)
		p.wait()
		said = strings.Contains(p.stderr(), "gcl-tui: port 8080 is taken, the demo listens on ")
		if mine && !said {
			t.Fatalf("not a word about the port: %s", p.stderr())
		}
	}
}

// TestDemoOnScreen: the graphs come alive by themselves.
func TestDemoOnScreen(t *testing.T) {
	term := startTerminal(t, 120, 36, nil, "demo", "-n", "2", "-p", "127.0.0.1:"+freePort(t))
	term.await(`2/2 ready`, `[1-9]\d* req/s`, `2xx [1-9]`, row("w1", "ready"), row("w2", "ready"))
	term.press("\x03")
	if code := term.wait(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	term.requireRestored()
}
