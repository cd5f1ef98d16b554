package tty

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
)

const white = "\x1b]11;rgb:ffff/ffff/ffff"

// read feeds pieces through the filter, each as one read, and returns what is
// left for the program.
func read(in *Input, pieces ...string) string {
	var sb strings.Builder
	for _, piece := range pieces {
		p := []byte(piece)
		sb.Write(p[:in.filter(p)])
	}
	return sb.String()
}

func TestInputTakesTheAnswerOut(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"alone", white + "\x07", ""},
		{"ended by ST", white + "\x1b\\", ""},
		{"between keys", "jj" + white + "\x1b\\kk", "jjkk"},
		{"after an arrow", "\x1b[A" + white + "\x07\x1b[B", "\x1b[A\x1b[B"},
		{"after an escape", "\x1b" + white + "\x07x", "\x1bx"},
		{"twice", white + "\x07" + white + "\x07r", "r"},
		{"no answer", "\x1b]12;x", "\x1b]12;x"},
		{"keys only", "rRxX\x1b]1r", "rRxX\x1b]1r"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := NewInput(nil)
			if got := read(in, c.typed); got != c.want {
				t.Errorf("%q is left, want %q", got, c.want)
			}
			if strings.Contains(c.typed, white) != (len(in.Background) == 1) {
				t.Errorf("%d answers", len(in.Background))
			}
		})
	}
}

// Wherever the answer is cut in two, no letter of it gets through as a key.
func TestInputTakesASplitAnswerOut(t *testing.T) {
	whole := "j" + white + "\x1b\\k"
	for at := range len(whole) {
		in := NewInput(nil)
		got := read(in, whole[:at], whole[at:])
		// What was passed on before it could be known is no letter.
		if left := strings.NewReplacer("\x1b", "", "]", "", "1", "", ";", "").Replace(got); left != "jk" {
			t.Errorf("cut at %d: %q is left", at, got)
		}
		if len(in.Background) != 1 {
			t.Errorf("cut at %d: the answer is lost", at)
		}
	}
}

// A sequence that never ends must not swallow the keys for ever.
func TestInputGivesUpOnAnEndlessAnswer(t *testing.T) {
	in := NewInput(nil)
	got := read(in, answerStart+strings.Repeat("z", 3*answerMax)+"q")
	if !strings.HasSuffix(got, "q") || len(got) < answerMax {
		t.Errorf("%d bytes are left of %d", len(got), 3*answerMax+1)
	}
}

func TestIsDark(t *testing.T) {
	for _, c := range []struct {
		answer string
		dark   bool
	}{
		{"rgb:0000/0000/0000", true},
		{"rgb:ffff/ffff/ffff", false},
		{"rgb:1e/1e/2e", true},
		{"rgb:fd/f6/e3", false},
		{"#101010", true},
		{"rgba:ffff/ffff/ffff/ffff", false},
		{"rgb:0000/0000/ffff", true},
		{"rgb:ffff/ffff/0000", false},
	} {
		in := NewInput(nil)
		read(in, "\x1b]11;"+c.answer+"\x07")
		select {
		case got := <-in.Background:
			if IsDark(got) != c.dark {
				t.Errorf("%s: dark is %v", c.answer, !c.dark)
			}
		default:
			t.Errorf("%s is not understood", c.answer)
		}
	}
}

func TestGuessDark(t *testing.T) {
	for colorFGBG, dark := range map[string]bool{
		"": true, "15;0": true, "0;15": false, "0;7": false, "15;default;0": true, "12;8": true, "x": true, "0;default": true,
	} {
		if GuessDark(colorFGBG) != dark {
			t.Errorf("COLORFGBG=%s: dark is %v", colorFGBG, !dark)
		}
	}
}

func TestOnlyTerminalsThatUnderstandAreAsked(t *testing.T) {
	for term, want := range map[string]bool{"": false, "dumb": false, "linux": false, "vt100": false, "xterm-256color": true, "tmux-256color": true} {
		if CanQuery(term) != want && inputCarriesAnswers {
			t.Errorf("TERM=%s: %v, want %v", term, !want, want)
		}
	}
}

// frame returns n lines of the given width, of which line i says what.
func frame(n, width int, what func(i int) string) []string {
	lines := make([]string, n)
	for i := range lines {
		s := what(i)
		lines[i] = s + strings.Repeat(" ", width-ansi.StringWidth(s))
	}
	return lines
}

// However one frame follows another, the terminal shows the latest.
func TestPainterShowsTheLatestFrame(t *testing.T) {
	const width, height = 20, 6
	term := vt.NewEmulator(width, height)
	p := NewPainter(term)
	show := func(name string, lines []string) {
		t.Helper()
		if err := p.Paint(lines); err != nil {
			t.Fatal(err)
		}
		for y, line := range lines {
			for x, want := range []rune(ansi.Strip(line)) {
				if got := term.CellAt(x, y).Content; got != string(want) {
					t.Fatalf("%s: cell %d,%d is %q, want %q", name, x, y, got, want)
				}
			}
		}
	}
	show("first", frame(height, width, func(i int) string { return fmt.Sprint("line ", i) }))
	show("one line changed", frame(height, width, func(i int) string { return fmt.Sprint("line ", i/2*2) }))
	show("shorter lines", frame(height, width, func(int) string { return "x" }))
	show("styled", frame(height, width, func(i int) string { return "\x1b[1;31mred\x1b[22;39m" + fmt.Sprint(i) }))
	_, _ = term.Write([]byte("\x1b[H\x1b[2Jsomebody else was here"))
	p.Reset()
	show("after a reset", frame(height, width, func(i int) string { return fmt.Sprint("again ", i) }))
	show("to the last cell", frame(height, width, func(int) string { return strings.Repeat("#", width) }))
}

// writes collects what is written, one element a write.
type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

func TestPainterWritesOnlyWhatChanged(t *testing.T) {
	var out writes
	p := NewPainter(&out)
	_ = p.Paint([]string{"aaa", "bbb", "ccc"})
	_ = p.Paint([]string{"aaa", "bbb", "ccc"})
	if len(out) != 1 {
		t.Fatalf("%d writes for two equal frames", len(out))
	}
	_ = p.Paint([]string{"aaa", "xxx", "ccc"})
	if len(out) != 2 || strings.Contains(out[1], "aaa") || !strings.Contains(out[1], "xxx") {
		t.Errorf("the second write is %q", out[1:])
	}
	for _, s := range out {
		if !strings.HasPrefix(s, "\x1b[?2026h") || !strings.HasSuffix(s, "\x1b[?2026l") {
			t.Errorf("not a synchronized update: %q", s)
		}
	}
}

func TestOutputDropsBubbleteasFrames(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	out := Output{w}
	for _, s := range []string{"\x1b[?1049h", "\x1b[H \x1b[K\x1b[1;1H", "\x1b[H", "\x1b[?25l"} {
		if n, err := out.Write([]byte(s)); n != len(s) || err != nil {
			t.Fatalf("write of %q: %d, %v", s, n, err)
		}
	}
	w.Close()
	got := make([]byte, 100)
	n, _ := r.Read(got)
	if want := "\x1b[?1049h\x1b[H\x1b[?25l"; string(got[:n]) != want {
		t.Errorf("%q came through, want %q", got[:n], want)
	}
}

func FuzzInput(f *testing.F) {
	f.Add([]byte("j"+white+"\x07k"), 3)
	f.Add([]byte("\x1b]11;\x1b]11;rgb:\x1b\\"), 1)
	f.Fuzz(func(t *testing.T, typed []byte, cut int) {
		in := NewInput(nil)
		cut = min(max(cut, 0), len(typed))
		got := read(in, string(typed[:cut]), string(typed[cut:]))
		if len(got) > len(typed) {
			t.Errorf("%d bytes became %d", len(typed), len(got))
		}
		if !strings.Contains(string(typed), answerStart) && got != string(typed) {
			t.Errorf("%q became %q, and holds no answer", typed, got)
		}
	})
}
