package cluster

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseReady(t *testing.T) {
	for in, want := range map[string]Ready{
		"listen":        {Kind: ReadyListen},
		"notify":        {Kind: ReadyNotify},
		"http:/":        {Kind: ReadyHTTP, Path: "/"},
		"http:/up?a=:b": {Kind: ReadyHTTP, Path: "/up?a=:b"},
		"delay:2s":      {Kind: ReadyDelay, Delay: 2 * time.Second},
		"delay:0":       {Kind: ReadyDelay},
		"delay:1m30s":   {Kind: ReadyDelay, Delay: 90 * time.Second},
	} {
		if got, err := ParseReady(in); err != nil || got != want {
			t.Errorf("%q: got %+v, %v", in, got, err)
		}
	}
}

func TestParseReadyRefuses(t *testing.T) {
	for _, in := range []string{
		"", "listen:", "listen:1", "notify:", "http", "http:", "http:up", "http://host/",
		"delay", "delay:", "delay:2", "delay:-1s", "delay:soon", "LISTEN", " listen", "ready",
	} {
		got, err := ParseReady(in)
		if in == "http://host/" { // a path may begin with two slashes
			if err != nil || got.Path != "//host/" {
				t.Errorf("%q: got %+v, %v", in, got, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "want listen, notify, http:/PATH or delay:DURATION") || got != (Ready{}) {
			t.Errorf("%q: got %+v, %v", in, got, err)
		}
	}
}

func TestOptionsDefaults(t *testing.T) {
	got := Options{}.withDefaults()
	if got.Workers < 1 || got.Balance != LeastInFlight || got.StopSignal != "TERM" ||
		got.ReadyTimeout != 30*time.Second || got.StopTimeout != 10*time.Second || got.Hold != 30*time.Second {
		t.Errorf("got %+v", got)
	}
	set := Options{
		Workers: 3, Balance: RoundRobin, StopSignal: "INT",
		ReadyTimeout: 1, StopTimeout: 2, Hold: 3,
	}
	got = set.withDefaults()
	if got.Workers != 3 || got.Balance != RoundRobin || got.StopSignal != "INT" ||
		got.ReadyTimeout != 1 || got.StopTimeout != 2 || got.Hold != 3 {
		t.Errorf("what was set is overwritten: %+v", got)
	}
}

func TestOptionsCheck(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	program := filepath.Join(dir, "server")
	if err := os.WriteFile(program, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("notes", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	for name, c := range map[string]struct {
		change func(*Options)
		want   string // in the error; empty if there is to be none
	}{
		"as it is":           {func(*Options) {}, ""},
		"on PATH":            {func(o *Options) { o.Command = []string{"server"} }, ""},
		"relative":           {func(o *Options) { o.Command = []string{"./server", "-x"} }, ""},
		"most workers":       {func(o *Options) { o.Workers = MaxWorkers }, ""},
		"signal, full name":  {func(o *Options) { o.StopSignal = "SIGINT" }, ""},
		"ports":              {func(o *Options) { o.Ports = []string{"8080", "localhost:1", "[::1]:2"} }, ""},
		"empty command":      {func(o *Options) { o.Command = []string{""} }, "run :"},
		"unknown command":    {func(o *Options) { o.Command = []string{"nothing"} }, "run nothing: executable file not found in $PATH"},
		"no such file":       {func(o *Options) { o.Command = []string{"./nothing"} }, "run ./nothing: "},
		"not executable":     {func(o *Options) { o.Command = []string{"./notes"} }, "run ./notes: permission denied"},
		"directory":          {func(o *Options) { o.Command = []string{"./"} }, "run ./: "},
		"negative count":     {func(o *Options) { o.Workers = -1 }, "-1 workers: the count goes from 1 to 1024"},
		"too many":           {func(o *Options) { o.Workers = MaxWorkers + 1 }, "1025 workers: the count goes from 1 to 1024"},
		"unknown signal":     {func(o *Options) { o.StopSignal = "HALT" }, `stop signal "HALT" is not a signal`},
		"port without digit": {func(o *Options) { o.Ports = []string{"8080", "http"} }, `port "http": want [HOST:]PORT`},
		"unknown balance":    {func(o *Options) { o.Balance = "fair" }, `balance "fair": want least, roundrobin or kernel`},
	} {
		t.Run(name, func(t *testing.T) {
			opts := Options{Command: []string{program}}
			c.change(&opts)
			path, err := opts.withDefaults().check()
			switch {
			case c.want == "" && (err != nil || path != program):
				t.Errorf("got %q, %v, want %q", path, err, program)
			case c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)):
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}
