package cluster

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestLastWords(t *testing.T) {
	for name, c := range map[string]struct{ stderr, want string }{
		"nothing":   {"", ""},
		"blank":     {"\n  \n\t\n", ""},
		"last line": {"starting\nno database\n\n", "no database"},
		"Go panic": {
			"listening\npanic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:9 +0x1d\nexit status 2\n",
			"panic: runtime error: index out of range [3] with length 3",
		},
		"Go panic again": {
			"panic: first [recovered, repanicked]\npanic: second\n\ngoroutine 1 [running]:\n",
			"panic: second",
		},
		"Go fatal error": {
			"fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [select (no cases)]:\nmain.main()\n",
			"fatal error: all goroutines are asleep - deadlock!",
		},
		"Python": {
			"Traceback (most recent call last):\n  File \"app.py\", line 3, in <module>\n    import nothing\nModuleNotFoundError: No module named 'nothing'\n",
			"ModuleNotFoundError: No module named 'nothing'",
		},
		"Node": {
			"/src/app.js:2\nthrow new TypeError('x is not a function')\n^\n\nTypeError: x is not a function\n    at Object.<anonymous> (/src/app.js:2:7)\n    at node:internal/main/run_main_module:28:49\n\nNode.js v20.11.0\n",
			"TypeError: x is not a function",
		},
		"Node with a code": {
			"node:internal/modules/cjs/loader:1148\n  throw err;\n  ^\n\nError [ERR_X]: it broke\n    at Module._load (node:internal/modules/cjs/loader:1148:15)\n\nNode.js v20.11.0\n",
			"Error [ERR_X]: it broke",
		},
		"an error within a sentence": {"no Error: here\ndone\n", "done"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := lastWords(strings.Split(c.stderr, "\n")); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestOutputRemembersTheEnd(t *testing.T) {
	var o output
	o.remember("panic: too long ago")
	for range keptTail - 1 {
		o.remember("at some place")
	}
	if got := o.lastWords(); got != "panic: too long ago" {
		t.Errorf("of %d lines the first is forgotten: %q", keptTail, got)
	}
	o.remember("last")
	if got := o.lastWords(); got != "last" || len(o.tail) != keptTail {
		t.Errorf("%d lines kept, last words %q", len(o.tail), got)
	}
}

func linesOf(r io.Reader) []string {
	var lines []string
	readLines(r, func(line []byte) { lines = append(lines, string(line)) })
	return lines
}

func TestReadLines(t *testing.T) {
	full := strings.Repeat("x", maxLine)
	for name, c := range map[string]struct {
		in   string
		want []string
	}{
		"nothing":               {"", nil},
		"one":                   {"a\n", []string{"a"}},
		"no line end":           {"a\nb", []string{"a", "b"}},
		"blank":                 {"\n\na\n", []string{"", "", "a"}},
		"CRLF":                  {"a\r\n\r\nb\r\n", []string{"a", "", "b"}},
		"CR within":             {"10%\r20%\r\n", []string{"10%\r20%"}},
		"CR at the end":         {"10%\r", []string{"10%\r"}},
		"binary":                {"\x00\xff\x1b[31m\xc3\n\x80", []string{"\x00\xff\x1b[31m\xc3", "\x80"}},
		"as long as may be":     {full[1:] + "\nb\n", []string{full[1:], "b"}},
		"exactly the buffer":    {full + "\nb\n", []string{full, "b"}},
		"longer":                {full + "yz\nb\n", []string{full, "yz", "b"}},
		"twice as long":         {full + full + "\n", []string{full, full}},
		"cut behind a CR":       {full[1:] + "\r10%\n", []string{full[1:] + "\r", "10%"}},
		"cut, then no line end": {full, []string{full}},
		"cut before a CRLF":     {full + "\r\nb\r\n", []string{full, "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{
				"whole":         strings.NewReader(c.in),
				"byte by byte":  iotest.OneByteReader(strings.NewReader(c.in)),
				"with its end":  iotest.DataErrReader(strings.NewReader(c.in)),
				"in half reads": iotest.HalfReader(strings.NewReader(c.in)),
			} {
				if diff := cmp.Diff(c.want, linesOf(r)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", how, diff)
				}
			}
		})
	}
}

// FuzzReadLines checks that lines are what is between line ends, cut at
// maxLine, and that nothing else is lost or added.
func FuzzReadLines(f *testing.F) {
	f.Add([]byte("a\r\nb\n\nc"), uint16(0))
	f.Add([]byte("\r10%\r\n"), uint16(maxLine-1))
	f.Add([]byte("\n"), uint16(maxLine))
	f.Fuzz(func(t *testing.T, in []byte, padding uint16) {
		in = append(bytes.Repeat([]byte{'x'}, int(padding)), in...)
		got := linesOf(bytes.NewReader(in))
		if diff := cmp.Diff(cutLines(in), got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// cutLines says what readLines is to do, in the plainest way.
func cutLines(in []byte) []string {
	var lines []string
	for line := range bytes.SplitAfterSeq(in, []byte{'\n'}) {
		ended := bytes.HasSuffix(line, []byte{'\n'})
		line = bytes.TrimSuffix(line, []byte{'\n'})
		pieces := slices.Collect(slices.Chunk(line, maxLine))
		for i, p := range pieces {
			if last := i == len(pieces)-1; last && ended && len(p) < maxLine {
				p = bytes.TrimSuffix(p, []byte{'\r'})
			}
			if i > 0 && len(p) == 0 {
				break // a line end right behind a cut
			}
			lines = append(lines, string(p))
		}
		if len(line) == 0 && ended {
			lines = append(lines, "")
		}
	}
	return lines
}

// A worker that floods its output costs the time to read it and the rings, and
// not a byte more.
func TestFloodThroughAPipeIsBounded(t *testing.T) {
	const total = 100 << 20
	log := newEventLog(newTestClock())
	o := output{slot: 1, append: log.append}
	stdout, stderr, err := o.pipes()
	if err != nil {
		t.Fatal(err)
	}
	before := heap()
	flood(t, stderr, total)
	if err := stdout.Close(); err != nil {
		t.Error(err)
	}
	<-o.ended
	if grown := heap() - before; grown > 24<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
	lines := uint64(total / len(floodLine))
	b := readAll(t, log)
	if got := uint64(len(b.Events)) + b.MissedLogs; got != lines || b.MissedLogs == 0 {
		t.Errorf("%d lines read, %d missed, of %d", len(b.Events), b.MissedLogs, lines)
	}
}

var floodLine = strings.Repeat("0123456789abcde ", 63) + "0123456789abcde\n"

func flood(t *testing.T, w *os.File, total int) {
	t.Helper()
	for range total / len(floodLine) {
		if _, err := w.WriteString(floodLine); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
}

// heap returns how many bytes are in use after a collection.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
