//go:build linux

package e2e

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// plain is a worker that listens on nothing.
var plain = []string{"-n", "1", "--ready", "delay:0s", "sh", "-c", "exec sleep 1000"}

// stubborn is a worker that says when it is asked to stop, and goes on.
var stubborn = []string{
	"-n", "1", "--ready", "delay:0s", "--stop-timeout", "1h",
	"sh", "-c", `trap "echo asked" TERM; echo up; while :; do sleep 1000 & wait; done`,
}

func TestSignalsStop(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			h := startHeadless(t, nil, plain...)
			h.awaitReady(1)
			h.signal(sig)
			if code := h.wait(); code != 0 {
				t.Errorf("exit code %d, stderr %q", code, h.stderr.String())
			}
			checkEnd(t, h)
		})
	}
}

func TestSecondInterruptForces(t *testing.T) {
	h := startHeadless(t, nil, stubborn...)
	h.awaitLog("up")
	h.signal(syscall.SIGINT)
	h.awaitLog("asked")
	h.signal(syscall.SIGINT)
	if code := h.wait(); code != 130 {
		t.Errorf("exit code %d, want 130", code)
	}
	if last := lastLine(h.stderr.String()); last != "gcl-tui: interrupted twice: the workers left were killed" {
		t.Errorf("stderr ends in %q", last)
	}
	requireNothingLeft(t, h.mark)
}

func TestSignalsScale(t *testing.T) {
	h := startHeadless(t, nil, plain...)
	h.awaitReady(1)
	h.signal(syscall.SIGTTIN)
	if s := h.awaitEvent("scaled"); s.From != 1 || s.To != 2 || s.By != "signal" {
		t.Errorf("TTIN: %+v", s)
	}
	h.awaitReady(1)
	h.signal(syscall.SIGTTOU)
	if s := h.awaitEvent("scaled"); s.From != 2 || s.To != 1 || s.By != "signal" {
		t.Errorf("TTOU: %+v", s)
	}
	if e := h.awaitEvent("worker_exited"); !e.Expected || e.Worker != 2 {
		t.Errorf("scaled down: %+v", e)
	}
}

func TestSignalReloads(t *testing.T) {
	port := freePort(t)
	h := startHeadless(t, []string{"PORT=" + port}, "-n", "2", goServer)
	before := h.awaitReady(2)
	h.signal(syscall.SIGUSR2)
	if r := h.awaitEvent("reload_started"); r.Cause != "signal" {
		t.Errorf("reload_started says %+v", r)
	}
	if r := h.awaitEvent("reload_done"); r.Failed != 0 {
		t.Errorf("reload_done says %+v", r)
	}
	_, body := get(t, "http://127.0.0.1:"+port+"/")
	for _, e := range before {
		if strings.Contains(body, "pid "+itoa(e.PID)+" ") {
			t.Errorf("answered by a worker that was to be replaced: %s", body)
		}
	}
}

// TestInterruptedBuild: the compiler is under way when the signal comes.
func TestInterruptedBuild(t *testing.T) {
	dir := t.TempDir()
	// A go command whose builds do not end.
	script := "#!/bin/sh\n[ \"$1\" = build ] && exec sleep 1000\nPATH=${PATH#*:} exec go \"$@\"\n"
	if err := os.WriteFile(dir+"/go", []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	h := startHeadless(t, []string{"PATH=" + dir + ":" + os.Getenv("PATH")}, "./testdata/server")
	h.awaitEvent("build_started")
	h.signal(syscall.SIGINT)
	if code := h.wait(); code != 0 {
		t.Errorf("exit code %d: %s", code, h.stderr.String())
	}
}

// TestStdoutClosed: the reader of the output goes away.
func TestStdoutClosed(t *testing.T) {
	p := startPlain(t, nil, append([]string{"--headless"}, plain...)...)
	p.awaitStdout("ready")
	p.closeStdout()
	p.signal(syscall.SIGTTIN) // an event to write
	if code := p.wait(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if last := lastLine(p.stderr()); last != "gcl-tui: nobody reads stdout any more: stopped" {
		t.Errorf("stderr ends in %q", last)
	}
	requireNothingLeft(t, p.mark)
}
