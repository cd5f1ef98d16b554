//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// servers returns commands that run the same server in three languages, none of
// which knows of a cluster, and the environment they want.
func servers(port string) map[string][]string {
	return map[string][]string{
		"go":     {goServer},
		"node":   {"node", "testdata/server.js"},
		"python": {"python3", "-u", "-m", "http.server", "--bind", "127.0.0.1", port},
	}
}

// TestUnmodifiedServers runs each server as two workers on its one port, kills
// one, and stops all, and reads all of it from the events.
func TestUnmodifiedServers(t *testing.T) {
	for name := range servers("") {
		t.Run(name, func(t *testing.T) {
			port := freePort(t)
			h := startHeadless(t, []string{"PORT=" + port}, append([]string{"-n", "2"}, servers(port)[name]...)...)
			started := h.awaitEvent("cluster_started")
			if started.Workers != 2 || started.Balance != "least" || started.Adoption != "seccomp" {
				t.Errorf("cluster_started says %+v", started)
			}
			if opened := h.awaitEvent("port_opened"); opened.Addr != "127.0.0.1:"+port {
				t.Errorf("opened %s, want port %s", opened.Addr, port)
			}
			ready := h.awaitReady(2)
			if ready[0].Worker+ready[1].Worker != 3 || ready[0].PID == ready[1].PID || ready[0].Addr == ready[1].Addr {
				t.Errorf("two workers are not two: %+v", ready)
			}
			for range 4 {
				if status, body := get(t, "http://127.0.0.1:"+port+"/"); status != 200 {
					t.Errorf("got %d %s", status, body)
				}
			}
			killAndReturn(t, h, ready[0])
			h.signal(syscall.SIGINT)
			if code := h.wait(); code != 0 {
				t.Errorf("exit code %d, stderr %q", code, h.stderr.String())
			}
			checkEnd(t, h)
		})
	}
}

// killAndReturn kills a worker and follows its replacement through the events.
func killAndReturn(t *testing.T, h *headless, victim event) {
	t.Helper()
	if err := syscall.Kill(victim.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	var story []event
	for len(story) == 0 || story[len(story)-1].Event != "worker_ready" {
		story = append(story, h.await("an event of the killed worker", func(e event) bool {
			return e.Worker == victim.Worker && e.Event != "log"
		}))
	}
	var names []string
	for _, e := range story {
		names = append(names, e.Event)
	}
	want := []string{"worker_exited", "restart_scheduled", "worker_started", "worker_ready"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Fatalf("after kill -9 (-want +got):\n%s", diff)
	}
	exited, scheduled, replacement := story[0], story[1], story[3]
	if exited.PID != victim.PID || exited.Signal != "SIGKILL" || exited.Code != -1 || exited.Expected {
		t.Errorf("worker_exited says %+v", exited)
	}
	if scheduled.DelayMS != 0 || scheduled.Attempt != 1 {
		t.Errorf("the first restart waits: %+v", scheduled)
	}
	if replacement.PID == victim.PID {
		t.Errorf("the replacement has the victim's pid: %+v", replacement)
	}
}

// checkEnd looks at the events of an orderly end: each worker said goodbye as
// expected, and the cluster had the last word.
func checkEnd(t *testing.T, h *headless) {
	t.Helper()
	names := h.names()
	if names[len(names)-1] != "cluster_stopped" {
		t.Errorf("the last event is %s", names[len(names)-1])
	}
	up := map[int]bool{}
	for _, e := range h.seen {
		switch e.Event {
		case "worker_started":
			up[e.PID] = true
		case "worker_exited":
			if !up[e.PID] {
				t.Errorf("ended without a start: %+v", e)
			}
			delete(up, e.PID)
		}
	}
	if len(up) > 0 {
		t.Errorf("no worker_exited of %v", up)
	}
}

// TestWorkersShareLoad: both workers answer.
func TestWorkersShareLoad(t *testing.T) {
	port := freePort(t)
	h := startHeadless(t, []string{"PORT=" + port}, "-n", "2", "-b", "roundrobin", goServer)
	h.awaitReady(2)
	answered := map[string]bool{}
	for range 4 {
		_, body := get(t, "http://127.0.0.1:"+port+"/")
		answered[body] = true
	}
	if len(answered) != 2 {
		t.Errorf("of two workers in turn these answered: %v", answered)
	}
}

// TestWithoutAdoption: the program is told its port, and -p names the public one.
func TestWithoutAdoption(t *testing.T) {
	port := freePort(t)
	h := startHeadless(t, nil, "-n", "2", "--adopt", "off", "-p", "127.0.0.1:"+port, goServer)
	if started := h.awaitEvent("cluster_started"); !strings.HasPrefix(started.Adoption, "env") {
		t.Errorf("adoption is %q", started.Adoption)
	}
	h.awaitReady(2)
	if status, body := get(t, "http://127.0.0.1:"+port+"/"); status != 200 || !strings.HasPrefix(body, "pid") {
		t.Errorf("got %d %s", status, body)
	}
}

// TestGoPackage: COMMAND is built first; its binary is gone afterwards.
func TestGoPackage(t *testing.T) {
	for _, command := range []string{"./testdata/server", "testdata/server/main.go"} {
		port, cache := freePort(t), t.TempDir()
		h := startHeadless(t, []string{"PORT=" + port, "XDG_CACHE_HOME=" + cache, "GOCACHE=" + goCache(t)}, "-n", "1", command)
		h.awaitReady(1)
		if status, _ := get(t, "http://127.0.0.1:"+port+"/"); status != 200 {
			t.Errorf("%s: status %d", command, status)
		}
		h.signal(syscall.SIGTERM)
		if code := h.wait(); code != 0 {
			t.Errorf("%s: exit code %d", command, code)
		}
		left, err := os.ReadDir(cache + "/gcl-tui/build")
		if err != nil || len(left) > 0 {
			t.Errorf("%s: left in the cache: %v, %v", command, left, err)
		}
	}
}

// goCache returns where Go keeps what it has built, lest a test that moves the
// user's cache builds all of it again.
func goCache(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// TestEnvironment: a file, flags that win over it, and what every worker gets.
func TestEnvironment(t *testing.T) {
	file := t.TempDir() + "/env"
	if err := os.WriteFile(file, []byte("A=file\nB='of the file'\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	const script = `echo "A=$A B=$B C=$C own=$OWN worker=$GCL_WORKER/$GCL_WORKERS gen=$GCL_GENERATION node=$NODE_UNIQUE_ID web=$WEB_CONCURRENCY."; exec sleep 1000`
	h := startHeadless(t, []string{"OWN=mine", "A=outside", "NODE_UNIQUE_ID=1", "WEB_CONCURRENCY=8"},
		"-n", "1", "--env-file", file, "-e", "A=flag", "-e", "C=with = sign", "sh", "-c", script)
	const want = "A=flag B=of the file C=with = sign own=mine worker=1/1 gen=1 node= web=."
	if got := h.awaitLog("A="); got.Line != want || got.Stream != "stdout" || got.Worker != 1 {
		t.Errorf("got  %+v\nwant %s", got, want)
	}
}

// TestEnvironmentHasNoDoubles: of two values a program would see the one or the
// other, depending on what it is written in.
func TestEnvironmentHasNoDoubles(t *testing.T) {
	h := startHeadless(t, []string{"A=outside", "GCL_WORKER=9"}, "-n", "1", "-e", "A=flag", "sh", "-c", "env; echo done; exec sleep 1000")
	h.awaitLog("done")
	seen := map[string]string{}
	for _, e := range h.seen {
		name, value, ok := strings.Cut(e.Line, "=")
		if old, double := seen[name]; ok && double {
			t.Errorf("%s is %q and %q", name, old, value)
		}
		seen[name] = value
	}
	if seen["A"] != "flag" || seen["GCL_WORKER"] != "1" {
		t.Errorf("A is %q, GCL_WORKER is %q", seen["A"], seen["GCL_WORKER"])
	}
}

// TestCrashLoop: a program that cannot run is given up, and its reason is told.
// With nobody to press a key, that is the end.
func TestCrashLoop(t *testing.T) {
	h := startHeadless(t, nil, "-n", "1", "sh", "-c", "echo no database >&2; exit 3")
	exited := h.awaitEvent("worker_exited")
	if exited.Code != 3 || exited.Expected || !strings.Contains(exited.Reason, "no database") {
		t.Errorf("worker_exited says %+v", exited)
	}
	if loop := h.awaitEvent("crash_loop"); loop.Worker != 1 || loop.Crashes < 5 {
		t.Errorf("crash_loop says %+v", loop)
	}
	if code := h.wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if last := lastLine(h.stderr.String()); !strings.Contains(last, "no database") {
		t.Errorf("stderr ends in %q", last)
	}
	checkEnd(t, h)
}

// TestText has the same events for people, and control sequences taken out.
func TestText(t *testing.T) {
	p := startPlain(t, nil, "--headless", "-n", "1", "--ready", "delay:0s",
		"sh", "-c", `printf '\033[2J\033[31mred\033[0m\n'; echo oops >&2; sleep 1000`)
	// In which order they come is nobody's business.
	for _, want := range []string{"      · started   1 worker,", "w1    | red\n", "w1    ! oops\n", "w1    ● ready  "} {
		p.awaitStdout(want)
	}
	p.signal(syscall.SIGTERM)
	if code := p.wait(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr())
	}
	requireNothingLeft(t, p.mark)
	p.copied.Wait()
	out := p.out.String()
	for _, want := range []string{"w1    · ended  ", "      · stopped  "} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "\x1b") {
		t.Errorf("control sequences in %q", out)
	}
}

// TestFlood: 100 MB of log lines pass through, or are counted, and the program
// stays small. With the race detector, which makes all of it slow, it is a tenth.
func TestFlood(t *testing.T) {
	lines := 1_000_000
	if len(raceFlags) > 0 {
		lines /= 10
	}
	flood := fmt.Sprintf(`head -c %d /dev/zero | tr '\0' x | fold -w 100; echo; echo the end; exec sleep 1000`, 100*lines)
	h := startHeadless(t, nil, "-n", "1", "sh", "-c", flood)
	for last := ""; last != "the end"; { // however long all of them take
		last = h.await("line", func(event) bool { return true }).Line
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", h.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	var peak int
	for line := range strings.Lines(string(status)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &peak); err == nil {
			break
		}
	}
	limit := 150_000
	if len(raceFlags) > 0 {
		limit *= 6 // what the race detector remembers of each word
	}
	if peak == 0 || peak > limit {
		t.Errorf("the program took %d kB at its peak", peak)
	}
	logs := 0
	for _, e := range h.seen {
		if e.Event == "log" {
			logs++
		}
	}
	said := slices.ContainsFunc(h.seen, func(e event) bool { return e.Event == "warning" })
	if logs < lines && !said {
		t.Errorf("%d of %d lines, and not a word about the others", logs, lines)
	}
}
