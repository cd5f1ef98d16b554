package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/text/unicode/runenames"
)

// drawn returns what a character is drawn as at the top left, "" if it is no shape.
func drawn(r rune) string {
	var c canvas
	if !(pen{canvas: &c, fg: hex(0xffffff)}).draw(r) {
		return ""
	}
	var b bytes.Buffer
	c.write(&b)
	return b.String()
}

func TestEveryLineBlockAndBrailleIsAShape(t *testing.T) {
	for r := rune(0x2500); r <= 0x28ff; r++ {
		inside := r <= 0x259f && (r < '═' || r > '╬') || r > 0x2800 || r == '■'
		if (drawn(r) != "") != inside {
			t.Errorf("%c (%U): a shape is %v, want %v", r, r, drawn(r) != "", inside)
		}
	}
}

func TestShapesDiffer(t *testing.T) {
	seen := map[string]rune{}
	for r := rune(0x2500); r <= 0x28ff; r++ {
		s := drawn(r)
		if other, ok := seen[s]; ok && s != "" {
			t.Errorf("%c (%U) looks like %c (%U)", r, r, other, other)
		}
		seen[s] = r
	}
}

// TestArmsAgreeWithNames derives each character's arms from its Unicode name,
// such as BOX DRAWINGS DOWN HEAVY AND LEFT UP LIGHT.
func TestArmsAgreeWithNames(t *testing.T) {
	check := func(r rune, got string) {
		if want := armsByName(runenames.Name(r)); got != want {
			t.Errorf("%c %s: arms %q, want %q", r, runenames.Name(r), got, want)
		}
	}
	for i, arms := range boxArms {
		if r := '─' + rune(i); arms != "" {
			check(r, arms)
		}
	}
	for i, arms := range halfArms {
		check('╴'+rune(i), arms)
	}
	for r, d := range dashes {
		count := map[string]int{"DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
		before, after, _ := strings.Cut(runenames.Name(r), " DASH")
		cut := strings.LastIndex(before, " ")
		if want := count[before[cut+1:]]; d.count != want {
			t.Errorf("%c has %d dashes, want %d", r, d.count, want)
		}
		if want := armsByName(before[:cut] + after); d.arms != want {
			t.Errorf("%c: arms %q, want %q", r, d.arms, want)
		}
	}
}

// armsByName reads a name in any of its three forms: one weight in front of all
// arms, a weight in front of each, a weight behind each group.
func armsByName(name string) string {
	words := strings.Fields(strings.ReplaceAll(strings.TrimPrefix(name, "BOX DRAWINGS "), " AND ", " "))
	weights := map[string]byte{"LIGHT": lightLine, "HEAVY": heavyLine}
	places := map[string][]int{"UP": {0}, "RIGHT": {1}, "DOWN": {2}, "LEFT": {3}, "VERTICAL": {0, 2}, "HORIZONTAL": {1, 3}}
	arms := []byte("0000")
	_, leads := weights[words[0]]
	var weight byte
	var waiting []int
	for _, word := range words {
		if w, ok := weights[word]; ok {
			weight = w
			for _, place := range waiting {
				arms[place] = w
			}
			waiting = nil
			continue
		}
		if !leads {
			waiting = append(waiting, places[word]...)
			continue
		}
		for _, place := range places[word] {
			arms[place] = weight
		}
	}
	return string(arms)
}

func TestShapes(t *testing.T) {
	for _, tc := range []struct {
		r    rune
		want []string // each path's d
	}{
		{'─', []string{"M0 9h9v1h-9z"}},
		{'│', []string{"M4 0h1v19h-1z"}},
		{'┌', []string{"M4 9h5v1h-5zM4 9h1v10h-1z"}},
		{'┛', []string{"M0 8h6v3h-6zM3 0h3v11h-3z"}},
		{'╮', []string{"M4.5 19v-5a4.5 4.5 0 0 0 -4.5 -4.5"}},
		{'╰', []string{"M4.5 0v5a4.5 4.5 0 0 0 4.5 4.5"}},
		{'╳', []string{"M9 0l-9 19M0 0l9 19"}},
		{'█', []string{"M0 0h9v19h-9z"}},
		{'▄', []string{"M0 9.5h9v9.5h-9z"}},
		{'▁', []string{"M0 16.625h9v2.375h-9z"}},
		{'▌', []string{"M0 0h4.5v19h-4.5z"}},
		{'▏', []string{"M0 0h1.125v19h-1.125z"}},
		{'▚', []string{"M0 0h4.5v9.5h-4.5zM4.5 9.5h4.5v9.5h-4.5z"}},
		{'⠁', []string{"M2.25 2.375h0.01"}},
		{'⢀', []string{"M6.75 16.625h0.01"}},
		{'⣿', []string{"M2.25 2.375h4.51M2.25 7.125h4.51M2.25 11.875h4.51M2.25 16.625h4.51"}},
	} {
		got := drawn(tc.r)
		for _, d := range tc.want {
			if !strings.Contains(got, fmt.Sprintf(` d="%s"`, d)) {
				t.Errorf("%c: no %s in %s", tc.r, d, got)
			}
		}
	}
}

// TestNeighboursJoin keeps the files small, and graphs free of seams.
func TestNeighboursJoin(t *testing.T) {
	g := paint(&dark, 30, 1, "────██▁▁▁⣿⣿\x1b[31m⣿⠁⣿")
	var b bytes.Buffer
	writeCells(&b, &g, &dark)
	for _, want := range []string{
		"M0 9h36v1h-36z", "M36 0h18v19h-18z", "M54 16.625h27v2.375h-27z",
		"M83.25 2.375h13.51M83.25 7.125h13.51", "M101.25 2.375h9.01", "M101.25 7.125h4.51", "M119.25 7.125h4.51",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in:\n%s", want, b.String())
		}
	}
}

func TestUnderlineAndStrike(t *testing.T) {
	g := paint(&dark, 20, 1, "\x1b[4mab c\x1b[m \x1b[9mde")
	var b bytes.Buffer
	writeCells(&b, &g, &dark)
	if want := ` d="M0 16h36v1h-36zM45 9h18v1h-18z"`; !strings.Contains(b.String(), want) {
		t.Errorf("no %s in:\n%s", want, b.String())
	}
}
