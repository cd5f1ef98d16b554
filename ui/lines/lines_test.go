package lines

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster"
)

// batches is a Source that delivers what it holds and then says stopped.
type batches []cluster.Batch

func (b *batches) Next(context.Context) (cluster.Batch, error) {
	if len(*b) == 0 {
		return cluster.Batch{}, cluster.ErrStopped
	}
	first := (*b)[0]
	*b = (*b)[1:]
	return first, nil
}

var noon = time.Date(2026, 3, 4, 12, 0, 0, 5e6, time.Local)

func events(data ...cluster.EventData) cluster.Batch {
	var b cluster.Batch
	for i, d := range data {
		b.Events = append(b.Events, cluster.Event{Seq: uint64(i + 1), Time: noon, Level: cluster.LevelInfo, Data: d})
	}
	return b
}

func printed(t *testing.T, o Options, src batches) []string {
	t.Helper()
	var out strings.Builder
	o.Out = &out
	if err := Run(t.Context(), &src, o); err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
}

func TestTextLines(t *testing.T) {
	for _, tt := range []struct {
		data cluster.EventData
		want string
	}{
		{
			cluster.ClusterStarted{Workers: 4, Balance: "least", Adoption: "seccomp"},
			"      · started   4 workers, balance least, adoption seccomp",
		},
		{cluster.PortOpened{Addr: "[::]:8080"}, "      ● listening on [::]:8080"},
		{cluster.WorkerStarted{Worker: 1, PID: 4121, Generation: 1}, "w1    ◐ started   pid 4121, generation 1"},
		{
			cluster.WorkerReady{Worker: 12, PID: 4121, TookMS: 29, Addr: "127.0.8.1:8080"},
			"w12   ● ready     after 29ms, pid 4121, at 127.0.8.1:8080",
		},
		{cluster.WorkerReady{Worker: 1, PID: 4121, TookMS: 3001}, "w1    ● ready     after 3s, pid 4121"},
		{cluster.WorkerDraining{Worker: 1, PID: 4121, InFlight: 3}, "w1    ◐ draining  pid 4121, 3 in flight"},
		{
			cluster.WorkerExited{Worker: 1, PID: 4121, Code: 2, UptimeMS: 90_500, Reason: "exit 2:\npanic: nil map"},
			"w1    ✗ crashed   pid 4121, up 1m31s: exit 2:; panic: nil map",
		},
		{
			cluster.WorkerExited{Worker: 1, PID: 4121, Code: -1, Signal: "SIGTERM", Expected: true, UptimeMS: 1},
			"w1    · ended     pid 4121, up 1ms: SIGTERM",
		},
		{cluster.RestartScheduled{Worker: 1, Attempt: 1}, "w1    ◐ restart   at once, attempt 1"},
		{cluster.RestartScheduled{Worker: 1, DelayMS: 200, Attempt: 3}, "w1    ◐ restart   in 200ms, attempt 3"},
		{cluster.CrashLoop{Worker: 1, Crashes: 5, WindowMS: 10_000}, "w1    ✗ gave up   after 5 crashes within 10s"},
		{cluster.Scaled{From: 4, To: 1, By: "signal"}, "      · scaled    from 4 to 1 (signal)"},
		{cluster.ReloadStarted{Generation: 2, Cause: "you"}, "      ◐ reload    to generation 2 (you)"},
		{
			cluster.ReloadDone{Generation: 2, TookMS: 1234, Requests: 1, MaxWaitMS: 12},
			"      ● reloaded  generation 2 in 1.2s, 1 request served, 0 failed, longest wait 12ms",
		},
		{cluster.ReloadFailed{Generation: 2, Why: "not ready"}, "      ✗ no reload to generation 2: not ready"},
		{cluster.RolledBack{Generation: 1}, "      ▲ back      to generation 1, which serves again"},
		{cluster.WatchChanged{Paths: []string{"a.go", "b.go", "c.go", "d.go"}}, "      · changed   a.go, b.go, c.go and 1 more"},
		{cluster.WatchPaused{}, "      ▲ paused    changes of the source are not acted on"},
		{cluster.WatchResumed{}, "      ● watching  changes of the source are acted on again"},
		{cluster.BuildStarted{Cmd: "go build ."}, "      ◐ building  go build ."},
		{cluster.BuildDone{TookMS: 840, Generation: 2}, "      ● built     generation 2 in 840ms"},
		{cluster.Warning{Text: "careful"}, "      ▲ warning   careful"},
		{cluster.ClusterStopped{TookMS: 7_500_000}, "      · stopped   in 2h5m"},
		{cluster.Log{Worker: 1, Stream: "stdout", Line: "up\tand running"}, "w1    | up\tand running"},
		{cluster.Log{Worker: 2, Stream: "stderr", Line: "\x1b[31mred\x1b[0m"}, "w2    ! red"},
	} {
		got := printed(t, Options{}, batches{events(tt.data)})
		if diff := cmp.Diff([]string{"12:00:00.005 " + tt.want}, got); diff != "" {
			t.Errorf("%T (-want +got):\n%s", tt.data, diff)
		}
	}
}

// TestTextKnowsEveryEvent reads the events from the contract's source, so that
// one that is added there fails here until it has words.
func TestTextKnowsEveryEvent(t *testing.T) {
	var words string
	for _, path := range []string{"describe.go", "source.go"} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		words += string(text)
	}
	for path, least := range map[string]int{"../../cluster/event.go": 15, "../../cluster/source.go": 7} {
		names := eventsIn(t, path)
		if len(names) < least {
			t.Errorf("found only %d events in %s", len(names), path)
		}
		for _, name := range names {
			if name != "Log" && !strings.Contains(words, "case cluster."+name+":") {
				t.Errorf("no words for %s", name)
			}
		}
	}
}

// eventsIn returns the names of the event types that a file declares.
func eventsIn(t *testing.T, path string) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == "name" && fn.Recv != nil {
			names = append(names, fn.Recv.List[0].Type.(*ast.Ident).Name)
		}
	}
	return names
}

// A build's errors are a line each, as compilers print them: that is what one
// looks for in a log.
func TestBuildErrorsAreLines(t *testing.T) {
	got := printed(t, Options{}, batches{events(cluster.BuildFailed{TookMS: 1234, Errors: []cluster.BuildError{
		{File: "main.go", Line: 41, Column: 9, Text: "undefined: x"}, {Text: "link:\nno main"},
	}})})
	want := []string{
		"12:00:00.005       ✗ no build  after 1.2s, 2 errors",
		"12:00:00.005       ✗ error     main.go:41:9: undefined: x",
		"12:00:00.005       ✗ error     link:; no main",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTextASCII(t *testing.T) {
	got := printed(t, Options{ASCII: true}, batches{events(
		cluster.ClusterStarted{}, cluster.PortOpened{}, cluster.WorkerStarted{}, cluster.CrashLoop{}, cluster.Warning{},
	)})
	for _, line := range got {
		if !isPlain(line) {
			t.Errorf("not ASCII: %q", line)
		}
	}
}

func TestTextColors(t *testing.T) {
	got := printed(t, Options{Color: true}, batches{events(
		cluster.WorkerReady{Worker: 1}, cluster.Log{Worker: 1, Stream: "stdout", Line: "\x1b[1mbold"},
	)})
	want := []string{
		"12:00:00.005 w1    \x1b[32m●\x1b[0m ready     after 0s, pid 0",
		"12:00:00.005 w1    | \x1b[1mbold\x1b[0m",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestJSONLines(t *testing.T) {
	got := printed(t, Options{Format: JSON}, batches{
		events(cluster.WorkerReady{Worker: 3, PID: 5, Generation: 1, TookMS: 9, Addr: "127.0.0.1:1"}),
		events(cluster.Log{Worker: 3, Stream: "stderr", Line: "a\nb\xff\x1b[2J"}),
	})
	at, err := json.Marshal(noon)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		`{"time":` + string(at) + `,"level":"info","event":"worker_ready","worker":3,"pid":5,"gen":1,"took_ms":9,"addr":"127.0.0.1:1"}`,
		`{"time":` + string(at) + `,"level":"info","event":"log","worker":3,"stream":"stderr","line":"a\nb\ufffd\u001b[2J"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMissedIsAWarning(t *testing.T) {
	lossy := events(cluster.PortOpened{Addr: ":1"})
	for _, tt := range []struct {
		events, logs uint64
		want         string
	}{
		{0, 1, "1 log line missed"},
		{0, 7, "7 log lines missed"},
		{2, 0, "2 events missed"},
		{2, 7, "2 events and 7 log lines missed"},
	} {
		lossy.MissedEvents, lossy.MissedLogs = tt.events, tt.logs
		for _, format := range []Format{Text, JSON} {
			got := printed(t, Options{Format: format}, batches{lossy})
			if len(got) != 2 || !strings.Contains(got[0], tt.want) || !strings.Contains(got[0], "warning") {
				t.Errorf("%s: got %q, want %q in the first line", format, got, tt.want)
			}
		}
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 0, errBroken }

func TestRunReturnsWriteError(t *testing.T) {
	src := batches{events(cluster.PortOpened{})}
	if err := Run(t.Context(), &src, Options{Out: brokenWriter{}}); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
}

// flood is a Source of n batches of a thousand lines, made when asked for.
type flood struct {
	n    int
	line string
}

func (f *flood) Next(context.Context) (cluster.Batch, error) {
	if f.n == 0 {
		return cluster.Batch{}, cluster.ErrStopped
	}
	f.n--
	var b cluster.Batch
	for range 1000 {
		b.Events = append(b.Events, cluster.Event{Time: noon, Data: cluster.Log{Worker: 1, Stream: "stdout", Line: f.line}})
	}
	return b, nil
}

// TestFloodNeedsNoMemory prints 20 MB and looks at what is still held then.
func TestFloodNeedsNoMemory(t *testing.T) {
	for _, format := range []Format{Text, JSON} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		src := &flood{n: 200, line: strings.Repeat("x", 100)}
		if err := Run(t.Context(), src, Options{Out: io.Discard, Format: format}); err != nil {
			t.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
			t.Errorf("%s: %d bytes more in use after the flood", format, grown)
		}
	}
}

func BenchmarkLogLine(b *testing.B) {
	for _, format := range []Format{Text, JSON} {
		for name, line := range map[string]string{"plain": strings.Repeat("x", 100), "colored": "\x1b[32m" + strings.Repeat("ü", 50) + "\x1b[0m"} {
			b.Run(fmt.Sprintf("%s/%s", format, name), func(b *testing.B) {
				p := newPrinter(Options{Format: format, Color: true})
				e := cluster.Event{Time: noon, Data: cluster.Log{Worker: 1, Stream: "stdout", Line: line}}
				b.SetBytes(int64(len(line)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := p.line(e); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
