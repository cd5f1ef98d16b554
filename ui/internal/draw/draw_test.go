package draw

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"

	"gcl-tui/theme"
)

// pens are the pens that everything has to work with.
func pens(tb testing.TB) []Pen {
	tb.Helper()
	var out []Pen
	for _, env := range [][]string{{"COLORTERM=truecolor", "TERM=xterm-256color"}, {"NO_COLOR=1", "TERM=xterm"}} {
		th, err := theme.New("dark", env)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, Pen{th, Unicode}, Pen{th, ASCII})
	}
	return out
}

func TestFigures(t *testing.T) {
	p := pens(t)[0]
	for _, c := range []struct{ what, got, want string }{
		{"unknown count", Count(-1), "-"},
		{"count", Count(0), "0"},
		{"count", Count(999), "999"},
		{"count", Count(1000), "1,000"},
		{"count", Count(uint64(1234567)), "1,234,567"},
		{"short", Short(9999), "9,999"},
		{"short", Short(12_400), "12.4k"},
		{"short", Short(999_949), "1.0M"},
		{"short", Short(31_000_000), "31.0M"},
		{"unknown rate", Rate(-1), "-"},
		{"rate", Rate(0), "0"},
		{"rate", Rate(0.44), "0.4"},
		{"rate", Rate(12480), "12,480"},
		{"rate", Rate(124_400), "124k"},
		{"a rate that is rounded up", Rate(99_999.7), "100k"},
		{"scale", Scale(15_000), "15k"},
		{"scale", Scale(1.5), "1.5"},
		{"percent", Percent(61.6), "62%"},
		{"unknown percent", Percent(-1), "-"},
		{"percent", Percent1(0.31), "0.3"},
		{"percent of ten cores and more", Percent1(1600.5), "1600"},
		{"share of nothing", Share(0, 0), "-"},
		{"share", Share(0, 10), "0%"},
		{"a small share is no 0", Share(1, 1_000_000), "<0.1%"},
		{"a large one is no 100", Share(999_999, 1_000_000), ">99.9%"},
		{"share", Share(10, 10), "100%"},
		{"share", Share(1, 3), "33.3%"},
		{"unknown bytes", Bytes(-1), "-"},
		{"bytes", Bytes(0), "0B"},
		{"bytes", Bytes(999), "999B"},
		{"bytes", Bytes(1000), "1K"},
		{"bytes", Bytes(212 << 20), "212M"},
		{"bytes", Bytes(3_328_599_654), "3.1G"},
		{"bytes", Bytes(8 << 30), "8.0G"},
		{"unknown latency", p.Latency(-1), "-"},
		{"latency", p.Latency(840 * time.Microsecond), "840µs"},
		{"latency", p.Latency(1240 * time.Microsecond), "1.2ms"},
		{"latency", p.Latency(31 * time.Millisecond), "31ms"},
		{"latency", p.Latency(1900 * time.Millisecond), "1.9s"},
		{"latency", p.Latency(75 * time.Second), "1m15s"},
		{"latency that is rounded up", p.Latency(9970 * time.Microsecond), "10ms"},
		{"latency that is rounded up", p.Latency(9970 * time.Millisecond), "10s"},
		{"latency of a long poll", p.Latency(59*time.Minute + 59*time.Second), "59m"},
		{"latency of hours", p.Latency(9*time.Hour + 59*time.Minute), "9h59m"},
		{"latency of many hours", p.Latency(23*time.Hour + 59*time.Minute), "23h"},
		{"latency of days", p.Latency(99*24*time.Hour + 23*time.Hour), "99d"},
		{"age", Age(-time.Second), "0s"},
		{"age", Age(26 * time.Second), "26s"},
		{"age", Age(time.Minute), "1m"},
		{"age", Age(2*time.Hour + 14*time.Minute + 9*time.Second), "2h14m"},
		{"age", Age(76 * time.Hour), "3d4h"},
		{"countdown", Countdown(1240 * time.Millisecond), "1.2s"},
		{"countdown that is over", Countdown(-time.Second), "0.0s"},
		{"countdown that is rounded up", Countdown(9970 * time.Millisecond), "10s"},
		{"countdown", Countdown(15 * time.Second), "15s"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

// Whatever is written to it, a line is exactly as wide as it was meant to be,
// and leaves no style on.
func TestLineIsExactlyWide(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	texts := []string{"", "ready", "a rather long text without end", "漢字かな", "🙂🙂🙂", "…", "x"}
	for _, p := range pens(t) {
		for range 3000 {
			width := random.Intn(40)
			l := p.Line(width)
			for range random.Intn(9) {
				s, n := texts[random.Intn(len(texts))], random.Intn(20)-2
				switch random.Intn(8) {
				case 0:
					l.Text(p.Crit, s)
				case 1:
					l.Left(p.Good, s, n)
				case 2:
					l.Right(p.Good, s, n)
				case 3:
					l.Repeat(p.Border, p.Full, n)
				case 4:
					l.Meter(p, p.Accent, max(n, 0), float64(n), 9)
				case 5:
					l.Spark(p, n, []float64{1, -1, 3, 9}, 9)
				case 6:
					l.To(n)
				case 7:
					l.Chunks([]Chunk{Of(0, p.Warn, s), Of(1, Plain, s)})
				}
			}
			checkLine(t, p, l.String(), width)
		}
	}
}

func checkLine(t *testing.T, p Pen, line string, width int) {
	t.Helper()
	if got := ansi.StringWidth(line); got != width {
		t.Fatalf("%d wide, want %d: %q", got, width, line)
	}
	if on := strings.LastIndex(line, "\x1b["); on >= 0 && !strings.HasPrefix(line[on:], p.Crit.Off) {
		t.Fatalf("a style is left on: %q", line)
	}
}

func TestBarDropsTheLeastImportant(t *testing.T) {
	p := pens(t)[3]
	left := []Chunk{Of(0, Plain, "name"), Of(2, Plain, "second"), Of(3, Plain, "third")}
	right := []Chunk{Of(1, Plain, "first")}
	for width, want := range map[int]string{
		40: "name  second  third                first",
		26: "name  second  third  first",
		25: "name  second        first",
		15: "name      first",
		8:  "name    ",
		3:  "na~",
		0:  "",
	} {
		if got := p.Bar(width, left, right); got != want {
			t.Errorf("width %d: %q, want %q", width, got, want)
		}
	}
}

func TestBox(t *testing.T) {
	p := pens(t)[3]
	b := Box{
		Title: "cpu", Right: []Chunk{Of(1, Plain, "8 cores")}, Note: []Chunk{Of(2, Plain, "rolling")}, Foot: []Chunk{Of(0, Plain, "done")},
	}
	got := b.Draw(p, 36, 4, []string{p.Line(32).Text(Plain, "one").String()})
	want := []string{
		"+- cpu - rolling -------- 8 cores -+",
		"| one                              |",
		"|                                  |",
		"+- done ---------------------------+",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for w := range 60 {
		for h := range 6 {
			lines := b.Draw(p, w, h, nil)
			if len(lines) != h {
				t.Fatalf("%dx%d: %d lines", w, h, len(lines))
			}
			for _, l := range lines {
				checkLine(t, p, l, w)
			}
		}
	}
}

func TestGraph(t *testing.T) {
	for _, c := range []struct {
		name          string
		pen           Pen
		width, height int
		values        []float64
		want          []string
	}{
		{"levels", Pen{Glyphs: Unicode}, 4, 1, []float64{0, 1, 2, 3, 4, 4, 3, 0}, []string{"⣀⣴⣿⣆"}},
		{"the newest is at the right", Pen{Glyphs: Unicode}, 3, 1, []float64{4, 4, 4}, []string{" ⢸⣿"}},
		{"not known is blank", Pen{Glyphs: Unicode}, 2, 1, []float64{-1, -1, 4, -1}, []string{" ⡇"}},
		{"more columns than values", Pen{Glyphs: Unicode}, 120, 1, []float64{0, 4}, []string{strings.Repeat(" ", 118) + "⣀⣿"}},
		{"two rows", Pen{Glyphs: Unicode}, 2, 2, []float64{4, 8, 2, 0}, []string{"⢸ ", "⣿⣄"}},
		{"only the latest fit", Pen{Glyphs: Unicode}, 1, 1, []float64{9, 9, 9, 0, 0}, []string{"⣀"}},
		{"ascii", Pen{Glyphs: ASCII}, 5, 1, []float64{0, 1, 4, 8}, []string{" __=#"}},
		{"ascii, two rows", Pen{Glyphs: ASCII}, 3, 2, []float64{0, 4, 8}, []string{"  #", "_##"}},
	} {
		top := slices.Max(c.values)
		if top == 9 {
			top = 0
		}
		if diff := cmp.Diff(c.want, c.pen.AreaGraph(c.width, c.height, c.values, top)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestCeiling(t *testing.T) {
	for _, c := range []struct{ value, want float64 }{{0, 1}, {1, 1}, {1.2, 1.5}, {14_200, 15_000}, {15_001, 20_000}, {99, 100}, {820, 1000}} {
		if got := Ceiling([]float64{0, c.value, -1}); got != c.want {
			t.Errorf("above %v: %v, want %v", c.value, got, c.want)
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want, ascii string }{
		{"plain text", "plain text", "plain text"},
		{"\x1b[31mred\x1b[0m", "red", "red"},
		{"\x1b]0;title\x07after", "after", "after"},
		{"tab\tnew\nline\r", "tab new line", "tab new line"},
		{"bell\x07 nul\x00 del\x7f", "bell· nul· del·", "bell. nul. del."},
		{"bad\xffutf8", "bad\ufffdutf8", "bad?utf8"},
		{"\u202egnp.exe", "·gnp.exe", ".gnp.exe"},
		{"“a” → b… µs", "“a” → b… µs", `"a" -> b... us`},
		{"e\u0301 👩\u200d💻\ufe0f", "e 👩💻", "e ??"},
		{"👍🏽 ok", "👍 ok", "? ok"},
	} {
		if got := (Pen{Glyphs: Unicode}).Clean(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
		if got := (Pen{Glyphs: ASCII}).Clean(c.in); got != c.ascii {
			t.Errorf("%q in ASCII: %q, want %q", c.in, got, c.ascii)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "a", "\x1b[31mred", "\x1b]8;;http://x\x1b\\link", "\x9b2J", "漢\u200d🙂", "\x1bPq\x1b\\", "\x18\x1a\x1b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, g := range []*Glyphs{Unicode, ASCII} {
			got := Pen{Glyphs: g}.Clean(s)
			for _, r := range got {
				if !unicode.IsGraphic(r) && r != '\ufffd' || g.ASCII && r > '~' {
					t.Errorf("%q became %q, which holds %q", s, got, r)
				}
			}
			if twice := (Pen{Glyphs: g}).Clean(got); twice != got {
				t.Errorf("%q is cleaned to %q, and that to %q", s, got, twice)
			}
		}
	})
}

func TestOverlay(t *testing.T) {
	p := pens(t)[3]
	screen := []string{"abcdefghij", "klmnopqrst", "uvwxyz0123", "4567890abc"}
	want := []string{"abcdefghij", "klm****rst", "uvw****123", "4567890abc"}
	if diff := cmp.Diff(want, p.Overlay(screen, []string{"****", "****"})); diff != "" {
		t.Error(diff)
	}
	// A wide character under the edge of the box is cut without moving it.
	for _, l := range p.Overlay([]string{"漢字漢字漢"}, []string{"***"}) {
		checkLine(t, p, l, 10)
	}
}
