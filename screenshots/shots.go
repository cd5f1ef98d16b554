package main

import (
	"regexp"
	"time"
)

// tour is one run of the program, on which one or more pictures are taken.
type tour struct {
	look  look
	args  []string
	shots []shot
}

// shot is one picture. The size is set and the keys are pressed before the
// wait for what it is to show.
type shot struct {
	// name is that of the files, without extension. A shot without one only
	// waits: it is a step on the way to the next.
	name       string
	cols, rows int
	keys       string // bytes as the terminal sends them
	// want are patterns that lines of the screen must match, all at once.
	want []*regexp.Regexp
}

// patience is how long a shot waits for what it wants to see.
const patience = 4 * time.Minute

// demo starts the built-in app under the built-in load, the same each time.
var demo = []string{"demo", "--seed", "1", "-n", "4"}

const ready = `● 4/4 ready`

var tours = []tour{
	{
		look: dark,
		args: demo,
		shots: []shot{
			crash(120, 36),
			roll(120, 36),
			{name: "dashboard", cols: 120, rows: 36, want: patterns(ready, `up 2m`, `rolled in`)},
			{name: "dashboard-80x24", cols: 80, rows: 24, want: patterns(ready, `rolled in`)},
		},
	},
	{
		look: light,
		args: demo,
		shots: []shot{
			crash(120, 36),
			roll(120, 36),
			{name: "dashboard-light", cols: 120, rows: 36, want: patterns(ready, `up 2m`, `rolled in`)},
		},
	},
}

// crash waits until the load has crashed a worker, late enough for it to be
// among the events still at the end.
func crash(cols, rows int) shot {
	return shot{cols: cols, rows: rows, want: patterns(ready, `up 1m[2-5]\d`, `crashed after`)}
}

// roll replaces all workers, and waits for the receipt.
func roll(cols, rows int) shot {
	return shot{cols: cols, rows: rows, keys: "R", want: patterns(ready, `rolled in`)}
}

func patterns(want ...string) (out []*regexp.Regexp) {
	for _, w := range want {
		out = append(out, regexp.MustCompile(w))
	}
	return out
}
