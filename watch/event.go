package watch

import "time"

// Event says that something happened. It is one of the types of this file that
// have an event method, and never changes once sent.
type Event interface{ event() }

// Changed says that watched files changed and that what follows from it starts
// now: a build, or a Built event at once where nothing is built.
type Changed struct {
	// Paths are relative to the working directory where they lie below it,
	// sorted, each once.
	Paths []string
}

// Paused says that changes are only collected from now on.
type Paused struct {
	// Why is empty if Pause was called, or else a sentence that says what
	// paused it and what to do.
	Why string
}

// Resumed says that changes are acted on again.
type Resumed struct{}

// BuildStarted says that a build runs. Built, Unchanged, BuildFailed, or
// another BuildStarted that takes its place is the next event of this kind. It may
// have been built ahead, and be done already.
type BuildStarted struct {
	// Cmd is the command as one would type it.
	Cmd string
}

// BuildFailed says that the newest source does not build.
type BuildFailed struct {
	Took time.Duration
	// Problems are the places that the output names, in its order, at most 100.
	// It may be empty: what is not Go's output is not guessed at.
	Problems []Problem
	// Output is what the build wrote, at most its last 64 KB.
	Output string
}

// Built says that Program is to be run from now on. Where nothing is built, it
// follows each change with the same program.
type Built struct {
	Program Program
	// Hash is the start of the SHA-256 of the binary, 12 hexadecimal digits,
	// without what names the inputs of the build in it; empty if the program
	// runs in place.
	Hash string
	// Took is how long the build took; zero where nothing was built.
	Took time.Duration
	// Cause are the paths that changed, as in Changed; empty for the first
	// build and for one that was asked for.
	Cause []string
}

// Unchanged says that a build made the very program that the latest Built event
// named, as it does after a change of a comment, and after the repair of what
// did not build: nothing needs to be run anew. Of a program that runs in place
// that is not known.
type Unchanged struct {
	Took time.Duration
	// Cause are the paths that changed; empty for a build that was asked for.
	Cause []string
}

// Warning says in one sentence what does not work as it should, and what to do.
type Warning struct{ Text string }

// Status says what is watched. It is sent when watching starts and whenever it
// changes.
type Status struct {
	// What is the line of Plan.What, brought up to date.
	What string
	// Dirs is the number of directories watched.
	Dirs int
	// Polling says that files are compared by time and size, because the
	// system reports no changes here or was told not to be asked.
	Polling bool
	// Waiting is how many files have changed while paused.
	Waiting int
}

// Problem is a place that a failed build named.
type Problem struct {
	// File is relative to the working directory where it lies below it; empty
	// for a message about no file, as of the linker.
	File string
	// Line and Column count from 1; 0 is unknown.
	Line, Column int
	// Text is the message, of several lines where the compiler wrote several.
	Text string
}

// Program is what to run.
type Program struct {
	// Path is a file, or a name on PATH as it was given.
	Path string
	// Args are its arguments, without its name.
	Args []string
	// InPlace says that the file is the user's own and so may be overwritten:
	// running it again later need not run the same code.
	InPlace bool
}

func (Changed) event()      {}
func (Paused) event()       {}
func (Resumed) event()      {}
func (BuildStarted) event() {}
func (BuildFailed) event()  {}
func (Built) event()        {}
func (Unchanged) event()    {}
func (Warning) event()      {}
func (Status) event()       {}
