//go:build linux

package e2e

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// headless is the program without a screen, its events as JSON lines.
type headless struct {
	t      *testing.T
	cmd    *exec.Cmd
	mark   string
	events chan event // closed at the end of stdout
	seen   []event    // what was taken from events
	stderr strings.Builder
	waited sync.Once
}

// startHeadless starts the program with JSON output. When the test ends, it is
// stopped if it still runs, and nothing must be left of it.
func startHeadless(t *testing.T, env []string, args ...string) *headless {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*deadline)
	h := &headless{t: t, mark: newMark(t), events: make(chan event, 1<<16)}
	h.cmd = exec.CommandContext(ctx, gclTUI, append([]string{"--log", "json"}, args...)...)
	h.cmd.Env = append(append(os.Environ(), h.mark), env...)
	h.cmd.Stderr = &h.stderr
	stdout, err := h.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := h.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go h.read(stdout)
	t.Cleanup(func() {
		_ = h.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
		h.wait()
		requireNothingLeft(t, h.mark)
		cancel()
	})
	return h
}

// read turns lines into events until stdout ends.
func (h *headless) read(stdout io.Reader) {
	defer close(h.events)
	for lines := bufio.NewReader(stdout); ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			if line != "" {
				h.t.Errorf("half a line at the end: %q", line)
			}
			return
		}
		e, err := parseEvent(line)
		if err != nil {
			h.t.Error(err)
		}
		h.events <- e
	}
}

// await returns the next event that matches; those before it are in seen.
func (h *headless) await(what string, match func(event) bool) event {
	h.t.Helper()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for {
		select {
		case e, ok := <-h.events:
			if !ok {
				h.t.Fatalf("the program ended while waiting for %s; it said: %s%s", what, h.story(), h.stderr.String())
			}
			h.seen = append(h.seen, e)
			if match(e) {
				return e
			}
		case <-timeout.C:
			h.t.Fatalf("no %s in %v; it said: %s", what, deadline, h.story())
		}
	}
}

// awaitEvent returns the next event of that name.
func (h *headless) awaitEvent(name string) event {
	h.t.Helper()
	return h.await(name, func(e event) bool { return e.Event == name })
}

// awaitReady waits until n workers became ready and returns their events.
func (h *headless) awaitReady(n int) []event {
	h.t.Helper()
	var ready []event
	for len(ready) < n {
		ready = append(ready, h.awaitEvent("worker_ready"))
	}
	return ready
}

// awaitLog waits for a log line with text in it.
func (h *headless) awaitLog(text string) event {
	h.t.Helper()
	return h.await("log line "+strconv.Quote(text), func(e event) bool {
		return e.Event == "log" && strings.Contains(e.Line, text)
	})
}

func (h *headless) signal(sig syscall.Signal) {
	h.t.Helper()
	if err := h.cmd.Process.Signal(sig); err != nil {
		h.t.Fatal(err)
	}
}

// wait returns the exit code, when all events were read.
func (h *headless) wait() int {
	h.waited.Do(func() {
		for e := range h.events {
			h.seen = append(h.seen, e)
		}
		err := h.cmd.Wait()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			h.t.Error(err)
		}
	})
	return h.cmd.ProcessState.ExitCode()
}

// story returns the names of the latest events.
func (h *headless) story() string {
	var b strings.Builder
	for _, e := range h.seen[max(0, len(h.seen)-40):] {
		b.WriteString(e.Event + " w" + strconv.Itoa(e.Worker) + " " + e.Line + e.Text + e.Reason + "\n")
	}
	return b.String()
}

// names returns the names of seen events, log lines left out.
func (h *headless) names() (names []string) {
	for _, e := range h.seen {
		if e.Event != "log" {
			names = append(names, e.Event)
		}
	}
	return names
}

// freePort returns a port that is the test's own until it ends. A socket is bound
// to it that does not listen: so the system gives the port to nobody else, neither
// to a listener that wants any nor to a client, and yet whoever names it can listen,
// since both allow that (SO_REUSEADDR, as all servers set it).
func freePort(t *testing.T) string {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Close(fd) })
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		t.Fatal(err)
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	addr, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	return itoa(addr.(*unix.SockaddrInet4).Port)
}

// get asks for a URL and returns the status and the body.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}
