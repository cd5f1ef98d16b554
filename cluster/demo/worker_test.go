package demo

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The test binary is a worker of the demo too.
func TestMain(m *testing.M) {
	RunRole()
	os.Exit(m.Run())
}

// deadline bounds every test with a real process.
const deadline = 2 * time.Minute

// worker is a running one.
type worker struct {
	cmd    *exec.Cmd
	url    string
	stdout *bufio.Reader
	stderr strings.Builder
}

func startWorker(t *testing.T) *worker {
	t.Helper()
	argv, env, err := Command("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	t.Cleanup(cancel)
	w := &worker{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...)}
	w.cmd.Env = append(append(os.Environ(), env...), "GCL_WORKER=7")
	w.cmd.Stderr = &w.stderr
	stdout, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.stdout = bufio.NewReader(stdout)
	hello, err := w.stdout.ReadString('\n')
	if err != nil {
		t.Fatalf("no first line: %v", err)
	}
	_, url, _ := strings.Cut(hello, "listening on ")
	w.url, _, _ = strings.Cut(url, " ")
	return w
}

func (w *worker) ask(t *testing.T, method, path string) (status int, body string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, w.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestWorkerRoutes(t *testing.T) {
	w := startWorker(t)
	for _, tt := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/", 200, "Answered by worker 7"},
		{"GET", "/slow?ms=1", 200, "waited 1ms"},
		{"GET", "/slow?ms=nonsense", 200, "waited 100ms"},
		{"GET", "/burn?ms=1", 200, "rounds in 1ms"},
		{"GET", "/big", 200, largeBody},
		{"GET", "/fail", 500, "payment provider"},
		{"GET", "/missing", 404, "not found"},
		{"GET", "/crash", 405, ""}, // replaying a request must not crash a second worker
	} {
		status, body := w.ask(t, tt.method, tt.path)
		if status != tt.status || !strings.Contains(body, tt.body) {
			t.Errorf("%s %s: got %d %.80q, want %d with %.80q", tt.method, tt.path, status, body, tt.status, tt.body)
		}
	}
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Wait(); err != nil {
		t.Errorf("asked to stop: %v", err)
	}
	if !strings.Contains(w.stderr.String(), "error: /fail") {
		t.Errorf("stderr has no line about the failure: %q", w.stderr.String())
	}
}

func TestWorkerCrashes(t *testing.T) {
	w := startWorker(t)
	if status, _ := w.ask(t, "POST", "/crash"); status != 0 {
		t.Errorf("a crash was answered with %d", status)
	}
	if err := w.cmd.Wait(); err == nil || w.cmd.ProcessState.ExitCode() != 2 {
		t.Errorf("got %v, want exit status 2", err)
	}
	for _, want := range []string{"panic: assignment to entry in nil map", "addToCart"} {
		if !strings.Contains(w.stderr.String(), want) {
			t.Errorf("no %q in the trace:\n%s", want, w.stderr.String())
		}
	}
}

func TestPortComesFromEnvironment(t *testing.T) {
	for _, tt := range []struct{ addr, port, want string }{
		{"127.0.0.1:8080", "", "127.0.0.1:8080"},
		{"127.0.0.1:8080", "9", "127.0.0.1:9"},
		{"[::1]:8080", "9", "[::1]:9"},
	} {
		if got := listenAddr(tt.addr, tt.port); got != tt.want {
			t.Errorf("%q with PORT=%q: got %q, want %q", tt.addr, tt.port, got, tt.want)
		}
	}
}
