package ui

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster"
)

var update = flag.Bool("update", false, "write the golden screens anew")

// golden compares a frame, without colours, with testdata/name.txt.
func golden(t *testing.T, name, frame string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	got := ansi.Strip(frame) + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s (run with -update if this is what it should be):\n%s", path, diff)
	}
}

func TestGoldenSizes(t *testing.T) {
	for _, s := range []struct{ w, h int }{
		{200, 60}, {120, 36}, {100, 26}, {80, 50}, {80, 24}, {60, 16}, {40, 10}, {20, 5}, {12, 1}, {0, 0},
	} {
		md := testModel(newFakeMaster(fixture()), Options{}, fixtureEvents()...)
		md.resize(s.w, s.h)
		golden(t, fmt.Sprintf("%dx%d", s.w, s.h), screenText(md))
	}
}

// Over Unix sockets the workers accept by themselves.
func TestGoldenUnixSocket(t *testing.T) {
	s := fixture()
	s.Addrs, s.Traffic = []string{"unix:/run/app.sock"}, cluster.Traffic{}
	for i := range s.Workers {
		s.Workers[i].Traffic, s.Workers[i].Addr = cluster.WorkerTraffic{}, ""
	}
	for _, size := range []struct{ w, h int }{{120, 36}, {80, 24}} {
		md := testModel(newFakeMaster(s), Options{})
		md.resize(size.w, size.h)
		golden(t, fmt.Sprintf("unix-%dx%d", size.w, size.h), screenText(md))
	}
}

func TestGoldenASCII(t *testing.T) {
	for _, s := range []struct{ w, h int }{{120, 36}, {80, 24}, {40, 10}} {
		md := testModel(newFakeMaster(fixture()), Options{ASCII: true}, fixtureEvents()...)
		md.resize(s.w, s.h)
		frame := screenText(md)
		golden(t, fmt.Sprintf("ascii-%dx%d", s.w, s.h), frame)
		for _, r := range frame {
			if r > '~' {
				t.Errorf("%dx%d holds %q", s.w, s.h, r)
			}
		}
	}
}

// Without colours nothing may be lost, so the screen is the same to the cell
// and holds no escape sequence at all.
func TestGoldenNoColor(t *testing.T) {
	env := append([]string{"NO_COLOR=1"}, trueColor...)
	md := testModel(newFakeMaster(fixture()), Options{Environ: env}, fixtureEvents()...)
	md.resize(120, 36)
	frame := screenText(md)
	golden(t, "120x36", frame)
	if strings.Contains(frame, "\x1b") {
		t.Error("NO_COLOR is set and the frame holds an escape sequence")
	}
}

func TestGoldenCrowds(t *testing.T) {
	for _, c := range []struct{ cores, workers, w, h int }{
		{2, 2, 120, 36}, {16, 16, 120, 36}, {64, 64, 120, 36}, {256, 1024, 120, 36}, {256, 1024, 80, 24},
	} {
		md := testModel(newFakeMaster(crowd(c.cores, c.workers)), Options{})
		md.resize(c.w, c.h)
		md.cursor.slot = c.workers // the table has to scroll to its end
		golden(t, fmt.Sprintf("%dcores-%dworkers-%dx%d", c.cores, c.workers, c.w, c.h), screenText(md))
	}
}

func TestGoldenErrorsPage(t *testing.T) {
	for _, s := range []struct{ w, h int }{{120, 36}, {80, 24}, {60, 16}} {
		for name, snap := range map[string]*cluster.Snapshot{
			"errors": broken(), "errors-crashed": crashed(), "errors-given-up": givenUp(), "errors-late": late(),
		} {
			md := testModel(newFakeMaster(snap), Options{}, sourceEvents()...)
			md.resize(s.w, s.h)
			press(md, "e")
			golden(t, fmt.Sprintf("%s-%dx%d", name, s.w, s.h), screenText(md))
		}
	}
}

func TestGoldenOverlays(t *testing.T) {
	for name, keys := range map[string][]string{
		"help": {"?"}, "kill": {"j", "X"}, "kill-chosen": {"j", "X", "right"}, "quit": {"q"}, "toast": {"r"},
	} {
		for _, s := range []struct{ w, h int }{{120, 36}, {60, 16}, {30, 6}} {
			md := testModel(newFakeMaster(fixture()), Options{Version: "0.1.0"}, fixtureEvents()...)
			md.resize(s.w, s.h)
			press(md, keys...)
			golden(t, fmt.Sprintf("%s-%dx%d", name, s.w, s.h), screenText(md))
		}
	}
}

// Where the kernel balances there is less to show, and what there is goes first.
func TestGoldenKernel(t *testing.T) {
	for _, s := range []struct{ w, h int }{{100, 26}, {80, 24}, {40, 10}} {
		md := testModel(newFakeMaster(kernelBalanced()), Options{}, fixtureEvents()...)
		md.resize(s.w, s.h)
		golden(t, fmt.Sprintf("kernel-%dx%d", s.w, s.h), screenText(md))
	}
}

// The states that are not in the fixture.
func TestGoldenStates(t *testing.T) {
	starting := &cluster.Snapshot{
		Time: clock, Started: clock, Command: "./queue", Want: 2, Generation: 1, Target: 1,
		Workers: []cluster.Worker{
			{Slot: 1, PID: 900, Generation: 1, State: cluster.StateStarting, Started: clock, Usage: cluster.Usage{CPU: -1, RSS: -1, Core: -1}},
			{Slot: 2, PID: 901, Generation: 1, State: cluster.StateStarting, Started: clock, Usage: cluster.Usage{CPU: -1, RSS: -1, Core: -1}},
		},
		Machine: cluster.Machine{Cores: fixtureCores(2), CPU: -1, MemUsed: -1, Load1: -1, Load5: -1, Load15: -1},
		Self:    cluster.Self{CPU: -1, RSS: -1},
	}
	rolling := fixture()
	rolling.Reloading = true
	rolling.Workers[3].Generation = 7
	stale := fixture()
	stale.Time = clock.Add(-7 * time.Second)
	plain := workersOnly(cluster.StateReady)
	plain.Adoption = "env (seccomp: operation not permitted)"
	stopping := fixture()
	stopping.Stopping = true
	for _, c := range []struct {
		name string
		snap *cluster.Snapshot
	}{{"kernel", kernelBalanced()}, {"starting", starting}, {"rolling", rolling}, {"stale", stale}, {"stopping", stopping}, {"plain", plain}, {"empty", &cluster.Snapshot{}}} {
		md := testModel(newFakeMaster(c.snap), Options{}, fixtureEvents()...)
		md.roll.since = clock.Add(-70 * time.Second)
		md.resize(120, 30)
		golden(t, "state-"+c.name, screenText(md))
	}
}
