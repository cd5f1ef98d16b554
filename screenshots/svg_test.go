package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/vt"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// paint puts text with escape sequences on a screen.
func paint(l *look, cols, rows int, text string) grid {
	e := vt.NewEmulator(cols, rows)
	_, _ = e.WriteString(strings.ReplaceAll(text, "\n", "\r\n"))
	return takeGrid(e, l)
}

// TestGolden draws a panel that has all that a dashboard may have: a look at
// the files after a change tells more than any other test.
func TestGolden(t *testing.T) {
	panel, err := os.ReadFile(filepath.Join("testdata", "panel.txt"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(panel), "^[", "\x1b[")
	for name, l := range map[string]*look{"dark": &dark, "light": &light} {
		t.Run(name, func(t *testing.T) {
			g := paint(l, 48, 10, text)
			got := writeSVG(&g, l, "a panel & more")
			file := filepath.Join("testdata", "panel-"+name+".svg")
			if *update {
				if err := os.WriteFile(file, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		})
	}
}

// TestEveryRuneAppears checks that what is on the screen is in the picture:
// as text where it was, or as a shape.
func TestEveryRuneAppears(t *testing.T) {
	const text = "plain <text> & \"quotes\" 世界 é ✗ ◐ ● ▲ ⏎ ╔═╗\n" +
		"\x1b[1mbold\x1b[m \x1b[2mfaint\x1b[m \x1b[7mreverse\x1b[m x\x1b[31my\x1b[mz"
	g := paint(&dark, 60, 2, text)
	var want, got strings.Builder
	for y := range g.rows {
		want.WriteString(strings.Join(strings.Fields(g.line(y)), ""))
	}
	for _, w := range textsOf(t, writeSVG(&g, &dark, "")) {
		got.WriteString(w)
	}
	count := func(s string) map[rune]int {
		m := map[rune]int{}
		for _, r := range s {
			m[r]++
		}
		return m
	}
	if diff := cmp.Diff(count(want.String()), count(got.String())); diff != "" {
		t.Errorf("characters (-screen +picture):\n%s", diff)
	}
}

// textsOf returns the contents of all text elements, and fails if the document
// is not well-formed.
func textsOf(t *testing.T, svg []byte) (texts []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	inside := false
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return texts
		}
		if err != nil {
			t.Fatalf("not XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			inside = token.Name.Local == "text"
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				texts = append(texts, string(token))
			}
		}
	}
}

func TestWordsArePinned(t *testing.T) {
	g := paint(&dark, 40, 2, "one two\n  ab\x1b[31mcd\x1b[m●e世f")
	var b bytes.Buffer
	writeCells(&b, &g, &dark)
	for _, want := range []string{
		`<text x="0" y="14" textLength="27">one</text>`,
		`<text x="36" y="14" textLength="27">two</text>`,
		`<text x="18" y="33" textLength="18">ab</text>`,
		`<text x="36" y="33" textLength="18">cd</text>`,
		`<text x="54" y="33">●</text>`,
		`<text x="63" y="33">e</text>`,
		`<text x="72" y="33" textLength="18">世</text>`,
		`<text x="90" y="33">f</text>`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in:\n%s", want, b.String())
		}
	}
}

func TestAttributes(t *testing.T) {
	l := &dark
	for _, tc := range []struct {
		name, text string
		want       cell
	}{
		{"plain", "x", cell{fg: l.foreground, bg: l.background}},
		{"bold", "\x1b[1mx", cell{fg: l.foreground, bg: l.background, style: textStyle{bold: true}}},
		{"italic", "\x1b[3mx", cell{fg: l.foreground, bg: l.background, style: textStyle{italic: true}}},
		{"underline", "\x1b[4mx", cell{fg: l.foreground, bg: l.background, style: textStyle{underline: true}}},
		{"struck", "\x1b[9mx", cell{fg: l.foreground, bg: l.background, style: textStyle{strike: true}}},
		{"reverse", "\x1b[7mx", cell{fg: l.background, bg: l.foreground}},
		{"reverse red", "\x1b[31;7mx", cell{fg: l.background, bg: l.basic[1]}},
		{"faint", "\x1b[2mx", cell{fg: mix(l.foreground, l.background, 0.45), bg: l.background}},
		{"basic", "\x1b[31;44mx", cell{fg: l.basic[1], bg: l.basic[4]}},
		{"bright", "\x1b[93mx", cell{fg: l.basic[11], bg: l.background}},
		{"indexed basic", "\x1b[38;5;9mx", cell{fg: l.basic[9], bg: l.background}},
		{"indexed", "\x1b[38;5;208mx", cell{fg: hex(0xff8700), bg: l.background}},
		{"true colour", "\x1b[38;2;1;2;3;48;2;4;5;6mx", cell{fg: hex(0x010203), bg: hex(0x040506)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := paint(l, 4, 1, tc.text)
			tc.want.text, tc.want.width = "x", 1
			if got := g.cells[0]; got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}
