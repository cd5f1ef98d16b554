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
	name       string // of the files, without extension
	cols, rows int
	keys       string // bytes as the terminal sends them
	// want are patterns that lines of the screen must match, all at once.
	want []*regexp.Regexp
}

// patience is how long a shot waits for what it wants to see.
const patience = 3 * time.Minute

// demo starts the built-in app under the built-in load, the same each time.
var demo = []string{"demo", "--seed", "1", "-n", "4"}

// lively is a dashboard with every worker up and graphs that reach back.
var lively = []*regexp.Regexp{
	regexp.MustCompile(`4/4 ready`),
	regexp.MustCompile(`up 1m[3-9]\ds`),
}

var tours = []tour{
	{
		look: dark,
		args: demo,
		shots: []shot{
			{name: "dashboard", cols: 120, rows: 36, want: lively},
			{name: "dashboard-80x24", cols: 80, rows: 24, want: lively},
		},
	},
	{
		look: light,
		args: demo,
		shots: []shot{
			{name: "dashboard-light", cols: 120, rows: 36, want: lively},
		},
	},
}
