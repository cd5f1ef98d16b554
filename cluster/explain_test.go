package cluster

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"gcl-tui/cluster/internal/router"
)

// outageNumber is what the router refuses requests with.
func (r *rig) outageNumber() (n int) {
	r.t.Helper()
	synctest.Wait() // for what was asked before to be published
	r.do(r.ask(func(o *owner) {
		if n = 0; o.outage.is {
			n = o.outage.number
		}
	}))
	return n
}

func (r *rig) summary(want string) {
	r.t.Helper()
	if got := r.explain(false); got.Summary != want || len(got.Parts) > 0 {
		r.t.Errorf("explained as %+v, want %q only", got, want)
	}
}

// What a worker said before it crashed is told until one is ready again.
func TestLastWordsOfACrash(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		said := func(when string, want ...string) {
			t.Helper()
			w := r.Snapshot().Workers[0]
			if diff := cmp.Diff(want, w.Said); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
			if why := strings.Join(want, ""); !strings.HasSuffix(w.Failure, why) || (why == "") != (w.Failure == "") {
				t.Errorf("%s it failed by %q", when, w.Failure)
			}
		}
		said("before")
		r.proc(1).start.out.remember("no database")
		r.crash(1)
		said("as the next one starts", "no database")
		r.proc(2).start.out.remember("no database, again")
		r.crash(2)
		said("in backoff", "no database, again")
		r.pass(5 * time.Second)
		r.rows("w1 ready 3 ready 1s")
		said("as one is ready")
	})
}

// What cannot even be started has no last words: not those of who crashed before
// it. It is as much a reason why nobody serves.
func TestFailureToStart(t *testing.T) {
	inReadyBubble(t, 1, func(r *rig) {
		r.proc(1).start.out.remember("no database")
		r.fake.set(func(f *fakeLauncher) { f.fail = errors.New("out of processes") })
		r.crash(1)
		w := r.Snapshot().Workers[0]
		if w.Failure != "cannot start: out of processes" || len(w.Said) > 0 {
			t.Errorf("it failed by %q and said %q", w.Failure, w.Said)
		}
		want := []router.Part{{Title: "w1: cannot start", Message: "out of processes"}}
		if diff := cmp.Diff(want, r.explain(true).Parts); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
		r.fake.set(func(f *fakeLauncher) { f.fail = nil })
		r.pass(5 * time.Second)
		if w := r.Snapshot().Workers[0]; w.State != StateReady || w.Failure != "" {
			t.Errorf("then it is %+v", w)
		}
	})
}

// TestOutageOfCrashes begins when every slot is given up, has another number with
// each reason, and ends with the way out.
func TestOutageOfCrashes(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.summary("no worker is ready")
		pid := 0
		loop := func() {
			for range deadCrashes {
				pid++
				r.crash(pid)
				r.pass(900 * time.Millisecond)
			}
		}
		if n := r.outageNumber(); n != 0 {
			t.Errorf("outage %d before anything has happened", n)
		}
		loop()
		first := r.outageNumber()
		if first == 0 {
			t.Fatal("no outage after a crash loop")
		}
		r.summary("the app keeps crashing")
		parts := r.explain(true).Parts
		if len(parts) != 1 || !strings.HasPrefix(parts[0].Title, "w1: exit 1 after ") {
			t.Errorf("explained as %+v", parts)
		}
		r.do(r.StartWorker(1))
		if n := r.outageNumber(); n != 0 {
			t.Errorf("outage %d while a worker is on its way", n)
		}
		loop()
		if n := r.outageNumber(); n <= first {
			t.Errorf("outage %d after outage %d", n, first)
		}
		r.do(r.StartWorker(1))
		r.pass(2 * time.Second)
		if n := r.outageNumber(); n != 0 {
			t.Errorf("outage %d with a worker ready", n)
		}
		if e := r.explain(true); len(e.Parts) > 0 {
			t.Errorf("still explained by %+v", e.Parts)
		}
	})
}

// TestOutageOfBuilds: each build that fails is another reason.
func TestOutageOfBuilds(t *testing.T) {
	inBubble(t, Options{Workers: 1, Ready: soon}, func(r *rig) {
		r.do(r.ask(func(o *owner) { // as if nothing had been built yet
			o.serving = nil
			o.retire(o.slots[0], o.slots[0].cur)
			o.slots[0].cur = nil
		}))
		var numbers []int
		for _, file := range []string{"a.go", "b.go"} {
			r.Tell(BuildFailed{Errors: []BuildError{{File: file, Line: 1, Column: 2, Text: "bad"}, {Text: "too many errors"}}})
			numbers = append(numbers, r.outageNumber())
			r.summary("the build failed")
			want := []router.Part{{Title: file + ":1:2", Message: "bad"}, {Message: "too many errors"}}
			if diff := cmp.Diff(want, r.explain(true).Parts); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		if diff := cmp.Diff([]int{1, 2}, numbers); diff != "" {
			t.Errorf("outages (-want +got):\n%s", diff)
		}
	})
}

// TestManyProblems are not all shown.
func TestManyProblems(t *testing.T) {
	c := newCluster(Options{})
	s := &Snapshot{}
	for i := range shownProblems + 5 {
		s.Source.Problems = append(s.Source.Problems, BuildError{Text: fmt.Sprint(i)})
	}
	c.snap.Store(s)
	parts := c.explain(true).Parts
	if last := parts[len(parts)-1]; len(parts) != shownProblems+1 || last.Message != "and 5 more" {
		t.Errorf("%d parts, the last %+v", len(parts), last)
	}
}

// TestSummaries of what is down without an outage.
func TestSummaries(t *testing.T) {
	for want, s := range map[string]*Snapshot{
		"no worker is ready":                       {Generation: 1, Workers: []Worker{{State: StateStarting}, {State: StateExited}}},
		"all workers are stopped":                  {Generation: 1, Workers: []Worker{{State: StateExited}}},
		"the app keeps crashing":                   {Generation: 1, Workers: []Worker{{State: StateExited}, {State: StateFailed}}},
		"no ready worker listens on this port":     {Generation: 1, Workers: []Worker{{State: StateReady}, {State: StateFailed}}},
		"no worker is ready, and the build failed": {Generation: 1, Source: Source{Problems: []BuildError{{Text: "x"}}}},
	} {
		if got := summary(s); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := newCluster(Options{}).explain(true); got.Summary != "no worker is ready yet" {
		t.Errorf("at the start: %+v", got)
	}
}

// TestCrashParts names those that have ended alike together.
func TestCrashParts(t *testing.T) {
	same := crashReport{exit: "exit 2", words: "panic: x", uptime: 1234567 * time.Microsecond, stderr: []string{"panic: x", "main.main()"}, mark: 1}
	first, second, other := same, same, crashReport{slot: 2, exit: "SIGSEGV", uptime: time.Second}
	first.slot, second.slot = 1, 3
	want := []router.Part{
		{Title: "w1, w3: exit 2 after 1.235s", Message: "panic: x", Text: "panic: x\nmain.main()", Mark: 1},
		{Title: "w2: SIGSEGV after 1s"},
	}
	if diff := cmp.Diff(want, crashParts([]*crashReport{&first, &other, &second}, t.TempDir())); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestOwnFrame finds where in a stack the program's own code was last.
func TestOwnFrame(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"main.go", "vendor/x/x.go", "go/VERSION", "go/src/runtime/panic.go", "app.js", "node_modules/y/y.js", "app.py", "my äpp (1)/main.go", "my äpp (1)/app.mjs"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("one\ntwo\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		stack string
		file  string
		line  int // in the file
		frame int
	}{
		"Go": {
			"panic: x\n\ngoroutine 1 [running]:\npanic({0x1, 0x2})\n\tDIR/go/src/runtime/panic.go:1 +0x1\n" +
				"x.X(...)\n\tDIR/vendor/x/x.go:1\nmain.f()\n\tDIR/main.go:2 +0x1d\nmain.main()\n\tDIR/main.go:1 +0x9\n", "main.go", 2, 9,
		},
		"Node": {
			"DIR/node_modules/y/y.js:1\n    throw\n\nError: x\n    at y (DIR/node_modules/y/y.js:1:1)\n    at Object.<anonymous> (DIR/app.js:2:7)\n", "app.js", 2, 6,
		},
		"Python": {
			"Traceback (most recent call last):\n  File \"DIR/app.py\", line 1, in <module>\n  File \"DIR/app.py\", line 2, in f\n  File \"/usr/lib/python3/x.py\", line 3, in g\nKeyError\n", "app.py", 2, 3,
		},
		"Go, where a path has spaces":   {"main.main()\n\tDIR/my äpp (1)/main.go:2 +0x1d\n", "my äpp (1)/main.go", 2, 2},
		"Node, where a path has spaces": {"Error: x\n    at f (DIR/my äpp (1)/app.mjs:2:7)\n", "my äpp (1)/app.mjs", 2, 2},
		"Node, in a module":             {"Error: x\n    at file://DIR/my%20%C3%A4pp%20(1)/app.mjs:2:7\n", "my äpp (1)/app.mjs", 2, 2},
		"nobody's":                      {"DIR/gone.go:1\nDIR:1\nDIR/main.go:99999999999999999999\n", "", 0, 0},
	} {
		at, frame := ownFrame(strings.Split(strings.ReplaceAll(tt.stack, "DIR", dir), "\n"), dir)
		want := BuildError{Line: tt.line}
		if tt.file != "" {
			want.File = filepath.Join(dir, tt.file)
		}
		if at != want || frame != tt.frame {
			t.Errorf("%s: %v in line %d, want %v in line %d", name, at, frame, want, tt.frame)
		}
	}
	c := crashReport{slot: 1, exit: "exit 2", words: "panic: x", uptime: time.Second, stderr: []string{"panic: x", dir + "/main.go:2"}, mark: 1}
	want := []router.Part{
		{Title: "w1: exit 2 after 1s", Message: "panic: x"},
		{Title: "main.go:2", Text: "     1 | one\n     2 | two\n", Mark: 2},
		{Title: "stderr", Text: "panic: x\n" + dir + "/main.go:2", Mark: 2},
	}
	if diff := cmp.Diff(want, crashParts([]*crashReport{&c}, dir)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestEnding picks the part of stderr that explains an end.
func TestEnding(t *testing.T) {
	many := strings.Split(strings.Repeat("noise\n", 100), "\n")[:100]
	stack := append([]string{"panic: x", "", "goroutine 1 [running]:", "main.main()"}, many[:80]...)
	for name, tt := range map[string]struct {
		tail  []string
		words string
		want  []string
	}{
		"nothing": {},
		"panic":   {append(many, stack...), "panic: x", stack[:shownStack]},
		"short":   {[]string{"noise", "panic: x"}, "panic: x", []string{"panic: x"}},
		"others":  {append(many, "Traceback:", "  line 1", "KeyError"), "KeyError", append(many[:shownEnd-3:shownEnd-3], "Traceback:", "  line 1", "KeyError")},
	} {
		o := &output{tail: tt.tail}
		words, lines := o.ending()
		if diff := cmp.Diff(tt.want, lines); diff != "" || words != tt.words {
			t.Errorf("%s: %q, lines (-want +got):\n%s", name, words, diff)
		}
	}
}

// TestExcerpt shows the source around a place, with a caret below the column.
func TestExcerpt(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "main.go")
	long := strings.Repeat("é", excerptWidth)
	if err := os.WriteFile(file, []byte("one\ntwo\r\n\té := 3\nfour\nfive\n"+long+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name       string
		line, col  int
		want       string
		wantedMark int
	}{
		{"in the middle", 3, 5, "     1 | one\n     2 | two\n     3 | \té := 3\n       | \t  ^\n     4 | four\n     5 | five\n", 3},
		{"at the start", 1, 1, "     1 | one\n       | ^\n     2 | two\n     3 | \té := 3\n", 1},
		{"behind the end of a line", 1, 4, "     1 | one\n       |    ^\n     2 | two\n     3 | \té := 3\n", 1},
		{"no column", 1, 0, "     1 | one\n     2 | two\n     3 | \té := 3\n", 1},
		{"no such column", 1, 9, "     1 | one\n     2 | two\n     3 | \té := 3\n", 1},
		{"long", 6, 0, "     4 | four\n     5 | five\n     6 | " + long[:excerptWidth] + " …\n", 3},
		{"no such line", 8, 1, "", 0},
		{"no line", 0, 0, "", 0},
	} {
		text, mark := excerpt(BuildError{File: file, Line: tt.line, Column: tt.col})
		if diff := cmp.Diff(tt.want, text); diff != "" || mark != tt.wantedMark {
			t.Errorf("%s: line %d marked, (-want +got):\n%s", tt.name, mark, diff)
		}
	}
	for _, none := range []string{"", dir, filepath.Join(dir, "none"), os.DevNull} {
		if text, mark := excerpt(BuildError{File: none, Line: 1, Column: 1}); text != "" || mark != 0 {
			t.Errorf("%q: %q", none, text)
		}
	}
}

// TestLiveReloadNeedsTheRouter: the kernel shows nobody what passes.
func TestLiveReloadNeedsTheRouter(t *testing.T) {
	_, err := Start(Options{Command: []string{"true"}, Balance: Kernel, LiveReload: true})
	if err == nil || !strings.HasPrefix(err.Error(), "live reload: with balance kernel ") {
		t.Errorf("got %v", err)
	}
}
