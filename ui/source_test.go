package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster"
)

const fixtureWhat = "watching 41 dirs of ./cmd/server · go build ./cmd/server · what is linked in, by its build info"

var fixtureProblems = []cluster.BuildError{
	{File: "internal/store/store.go", Line: 41, Column: 9, Text: "undefined: lookup"},
	{File: "main.go", Line: 112, Column: 17, Text: "cannot use n (variable of type int) as string value in argument to greet"},
}

// watched is a cluster of four workers whose source is watched.
func watched() *cluster.Snapshot {
	s := crowd(8, 4)
	s.Previous = 6
	s.Source.What = fixtureWhat
	return s
}

func building() *cluster.Snapshot {
	s := watched()
	s.Source.Building = clock.Add(-1200 * time.Millisecond)
	return s
}

func broken() *cluster.Snapshot {
	s := watched()
	s.Source.Problems = fixtureProblems
	s.Source.Stale = "the build failed: " + fixtureProblems[0].String()
	return s
}

func paused() *cluster.Snapshot {
	s := watched()
	s.Source.Paused, s.Source.Waiting = true, 2
	return s
}

// crashed is what a new generation that crashes leaves behind.
func crashed() *cluster.Snapshot {
	s := watched()
	s.Source.Stale = "w1: exit 2: panic: runtime error: invalid memory address or nil pointer dereference"
	s.Source.Said = []string{
		"panic: runtime error: invalid memory address or nil pointer dereference",
		"[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x6a8c31]", "", "goroutine 1 [running]:",
		"main.handlers({0x7ffd2c, 0x2})", "\t/home/me/app/main.go:41 +0x71", "main.main()", "\t/home/me/app/main.go:17 +0x1d", "exit status 2",
	}
	return s
}

// givenUp is a first generation that crashes.
func givenUp() *cluster.Snapshot {
	s := watched()
	for i := range s.Workers {
		w := &s.Workers[i]
		w.State, w.PID, w.Note = cluster.StateFailed, 0, "exit 2: panic: runtime error: invalid memory address or nil pointer dereference"
		w.Failure, w.Said = w.Note, crashed().Source.Said
	}
	return s
}

// midway is a rollout from generation 7 to 8: two of four are there, and one old
// worker is kept until they have proved themselves.
func midway() *cluster.Snapshot {
	s := watched()
	s.Reloading, s.Generation, s.Target = true, 8, 8
	spare := s.Workers[0]
	spare.Note = "spare until the new generation has proved itself"
	for i := range 2 {
		s.Workers[i].Generation, s.Workers[i].PID = 8, 41900+i
		s.Workers[i].Started = clock.Add(-800 * time.Millisecond)
	}
	starting := s.Workers[2]
	starting.Generation, starting.PID, starting.State = 8, 41902, cluster.StateStarting
	starting.Started, starting.Note = clock.Add(-200*time.Millisecond), "started"
	starting.Usage, starting.Traffic = cluster.Usage{CPU: -1, RSS: -1, Core: -1}, cluster.WorkerTraffic{Rate: -1}
	s.Workers = slices.Insert(s.Workers, 3, starting)
	s.Workers = slices.Insert(s.Workers, 0, spare)
	return s
}

// waiting is a cluster that has no program yet.
func waiting() *cluster.Snapshot {
	s := building()
	s.Generation, s.Target, s.Previous = 0, 0, 0
	s.Started, s.Addrs, s.Traffic = clock.Add(-1500*time.Millisecond), nil, cluster.Traffic{Rate: -1}
	for i, w := range s.Workers {
		s.Workers[i] = cluster.Worker{
			Slot: w.Slot, State: cluster.StateExited, Note: cluster.NoteWaits,
			Usage: cluster.Usage{CPU: -1, RSS: -1, Core: -1}, Traffic: cluster.WorkerTraffic{Rate: -1},
		}
	}
	return s
}

// unbuilt is a cluster whose first build has failed.
func unbuilt() *cluster.Snapshot {
	s := waiting()
	s.Source = broken().Source
	return s
}

func sourceStates() map[string]*cluster.Snapshot {
	return map[string]*cluster.Snapshot{
		"watching": watched(), "building": building(), "broken": broken(), "midway": midway(),
		"paused": paused(), "crashed": crashed(), "waiting": waiting(), "unbuilt": unbuilt(),
	}
}

func sourceEvents() []cluster.Event {
	at := func(ago time.Duration, data cluster.EventData) cluster.Event {
		return cluster.Event{Time: clock.Add(-ago), Data: data}
	}
	return []cluster.Event{
		at(60*time.Second, cluster.WatchChanged{Paths: []string{"main.go", "go.mod", "go.sum", "a.go"}}),
		at(60*time.Second, cluster.BuildStarted{Cmd: "go build ./cmd/server"}),
		at(59*time.Second, cluster.BuildDone{TookMS: 1100, Generation: 7}),
		at(59*time.Second, cluster.ReloadStarted{Generation: 7, Cause: "main.go, go.mod, …"}),
		at(58*time.Second, cluster.WorkerReady{Worker: 1, Generation: 7, TookMS: 80}),
		at(53*time.Second, cluster.ReloadDone{Generation: 7, TookMS: 6200, Requests: 31_204}),
	}
}

func TestGoldenSource(t *testing.T) {
	for name, s := range sourceStates() {
		for _, size := range []struct{ w, h int }{{120, 36}, {80, 24}, {60, 16}, {40, 10}, {20, 5}} {
			md := testModel(newFakeMaster(s), Options{}, sourceEvents()...)
			md.resize(size.w, size.h)
			golden(t, fmt.Sprintf("source-%s-%dx%d", name, size.w, size.h), screenText(md))
		}
	}
}

// What the screen says of the source is words, and no colour or glyph is needed
// to understand it.
func TestSourceIsWords(t *testing.T) {
	const first = "internal/store/store.go:41:9: undefined: lookup"
	for name, want := range map[string][]string{
		"watching": {"gen 7", "watching", "4/4 ready"},
		"building": {"gen 7", "building 1.2s", "watching 41 dirs"},
		"broken":   {"STALE", "gen 7 serves, not the newest: the build failed, 2 errors", first, "gen 7"},
		"midway":   {"4/4 ready", "2/4", "GEN"},
		"paused":   {"watch paused"},
		"crashed":  {"STALE", "gen 7 serves", "w1: exit 2: panic: runtime error: invalid memory address or nil pointer dereference"},
		"waiting":  {"0/4 ready", "building 1.2s", "w1"},
		"unbuilt":  {"BUILD FAILED", "nothing serves yet", "0/4 ready", first},
	} {
		for look, o := range map[string]Options{
			"colour": {}, "no colour": {Environ: append([]string{"NO_COLOR=1"}, trueColor...)}, "ascii": {ASCII: true},
		} {
			for _, size := range [][2]int{{120, 36}, {80, 24}} {
				md := testModel(newFakeMaster(sourceStates()[name]), o, sourceEvents()...)
				md.resize(size[0], size[1])
				frame := screenText(md)
				checkFrame(t, frame, size[0], size[1])
				words := strings.Join(strings.Fields(stripped(frame)), " ")
				for _, text := range want {
					if !strings.Contains(words, text) {
						t.Errorf("%s, %s, %v: the screen does not say %q", name, look, size, text)
					}
				}
				if o.Environ != nil && strings.Contains(frame, "\x1b") {
					t.Errorf("%s: NO_COLOR is set and the frame holds an escape sequence", name)
				}
			}
		}
	}
}

// The first error is on the screen as long as there is room for one line of it.
func TestFirstErrorIsSeenAtEverySize(t *testing.T) {
	for _, s := range []*cluster.Snapshot{broken(), unbuilt()} {
		for _, size := range [][2]int{{200, 60}, {100, 26}, {80, 50}, {80, 24}, {60, 16}, {40, 10}} {
			md := testModel(newFakeMaster(s), Options{})
			md.resize(size[0], size[1])
			if !strings.Contains(stripped(screenText(md)), "store.go:41:") {
				t.Errorf("generation %d, %v: the screen does not say where the first error is", s.Generation, size)
			}
		}
	}
}

func TestBannerGoesAway(t *testing.T) {
	m := newFakeMaster(broken())
	md := testModel(m, Options{})
	md.resize(80, 24)
	before := screenText(md)
	m.snap.Store(watched())
	md.look()
	if after := screenText(md); !strings.Contains(before, "STALE") || strings.Contains(after, "STALE") {
		t.Error("the banner does not come and go with what it warns of")
	}
}

// The receipt is what a reload promises: all of it is there at 80 columns,
// whatever the numbers.
func TestReceiptIsNotCut(t *testing.T) {
	for _, d := range []cluster.ReloadDone{
		{Generation: 7, TookMS: 6200, Requests: 31_204},
		{Generation: 128, TookMS: 3_599_000, Requests: 1<<63 - 1, Failed: 1<<63 - 1, MaxWaitMS: 3_599_000},
	} {
		md := testModel(newFakeMaster(watched()), Options{}, cluster.Event{Time: clock, Data: d})
		md.resize(80, 24)
		frame := stripped(screenText(md))
		line := frame[strings.Index(frame, "rolled in"):]
		line, _, _ = strings.Cut(line, "│")
		for _, part := range []string{"served", "failed", "wait"} {
			if !strings.Contains(line, part) || strings.Contains(line, "…") {
				t.Errorf("the receipt is %q", line)
			}
		}
	}
}

func TestBuildIsOneLineOfTheFeed(t *testing.T) {
	one := []cluster.BuildError{fixtureProblems[0]}
	for _, c := range []struct {
		name string
		data []cluster.EventData
		want []string
	}{
		{"done", []cluster.EventData{
			cluster.WatchChanged{Paths: []string{"a.go"}},
			cluster.BuildStarted{Cmd: "go build"},
			cluster.BuildDone{TookMS: 840, Generation: 8},
		}, []string{"✓ built in 840ms, gen 8", "· a.go changed"}},
		{"back to what it was", []cluster.EventData{
			cluster.BuildDone{TookMS: 840, Generation: 8},
			cluster.BuildFailed{Errors: one},
			cluster.BuildStarted{Cmd: "go build"},
			cluster.BuildDone{TookMS: 300, Generation: 8},
		}, []string{
			"✓ built in 300ms, gen 8 as it was",
			"✗ build failed: internal/store/store.go:41:9: undefined: lookup", "✓ built in 840ms, gen 8",
		}},
		{"goes on", []cluster.EventData{cluster.BuildStarted{Cmd: "go build"}}, []string{"↻ building: go build"}},
		{"failed", []cluster.EventData{
			cluster.WatchChanged{Paths: []string{"a.go", "b.go"}}, cluster.BuildStarted{Cmd: "go build"}, cluster.BuildFailed{Errors: one},
		}, []string{"✗ build failed: internal/store/store.go:41:9: undefined: lookup", "· a.go and 1 more changed"}},
		{"twice, and other things meanwhile", []cluster.EventData{
			cluster.BuildStarted{Cmd: "go build"},
			cluster.BuildDone{TookMS: 840, Generation: 1},
			cluster.BuildStarted{Cmd: "go build"},
			cluster.PortOpened{Addr: ":80"},
			cluster.BuildStarted{Cmd: "go build"},
			cluster.BuildFailed{Errors: one},
		}, []string{
			"✗ build failed: internal/store/store.go:41:9: undefined: lookup",
			"✓ listening on :80", "✓ built in 840ms, gen 1",
		}},
		{
			"failed in two places",
			[]cluster.EventData{cluster.BuildFailed{Errors: fixtureProblems}},
			[]string{"✗ build failed, 2 errors: internal/store/store.go:41:9: undefined: lookup"},
		},
		{
			"paused, resumed",
			[]cluster.EventData{cluster.WatchPaused{}, cluster.WatchResumed{}},
			[]string{"✓ watching again", "▲ watch paused: changes wait"},
		},
		{"a canary that crashes", []cluster.EventData{
			cluster.ReloadFailed{Generation: 8, Why: "w1: exit 2"}, cluster.RolledBack{Generation: 7},
		}, []string{"▲ gen 7 serves again", "✗ gen 8 not rolled: w1: exit 2"}},
		{"back on request", []cluster.EventData{
			cluster.ReloadStarted{Generation: 6, Cause: "rolled back (you)"},
		}, []string{"↻ gen 6: rolling, rolled back (you)"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, feedText(Options{}, c.data...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The page of errors has all of them, in full, however small the screen is.
func TestErrorsPage(t *testing.T) {
	s := broken()
	for i := range 30 {
		s.Source.Problems = append(s.Source.Problems, cluster.BuildError{
			File: "a.go", Line: i + 1, Text: strings.Repeat("word ", 30) + "end" + fmt.Sprint(i),
		})
	}
	m := newFakeMaster(s)
	md := testModel(m, Options{})
	md.resize(60, 16)
	press(md, "e")
	var seen string
	for range 200 {
		seen += stripped(screenText(md))
		press(md, "j")
	}
	for i := range 30 {
		if !strings.Contains(seen, fmt.Sprintf("a.go:%d:", i+1)) || !strings.Contains(seen, fmt.Sprintf("end%d ", i)) {
			t.Errorf("error %d cannot be read", i)
		}
	}
	m.snap.Store(watched())
	md.look()
	if !strings.Contains(stripped(screenText(md)), "the newest code serves") {
		t.Error("the page does not say that the errors are gone")
	}
	press(md, "e") // the key that opened it
	if md.overlay != nil {
		t.Error("the page stays open")
	}
	press(md, "e")
	if md.overlay != nil {
		t.Error("there is a page of errors without errors")
	}
}

// A program without a build is not said to be built.
func TestBuildKeyWithoutABuild(t *testing.T) {
	for what, want := range map[string]string{
		"watching the tree of . (node app.js) · no build": "reload",
		"not watching (--watch=false) · no build":         "reload",
		"watching 1 dir of . (go list) · go build":        "build",
	} {
		s := watched()
		s.Source.What = what
		md := testModel(newFakeMaster(s), Options{})
		md.resize(120, 36)
		if screen := ansi.Strip(screenText(md)); !strings.Contains(screen, "b "+want) {
			t.Errorf("%s: the footer does not say %s", what, want)
		}
		if press(md, "b"); md.toast.text != want+"ing now" {
			t.Errorf("%s: the toast says %q", what, md.toast.text)
		}
	}
}
