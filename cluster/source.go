package cluster

import (
	"errors"
	"fmt"
	"time"
)

// Source is what is known of the program's source at one moment.
type Source struct {
	// What says in one line what is watched, how it is built and why; empty if
	// nothing is watched or built.
	What string
	// Paused is true while changes are not acted on.
	Paused bool
	// Waiting is how many files have changed meanwhile.
	Waiting int
	// Building is when the build under way was started, zero if there is none.
	Building time.Time
	// Problems are those of the last build, if it failed.
	Problems []BuildError
	// Stale says why the newest code is not what serves; empty if it is.
	Stale string
	// Said is what the worker said last whose end is why: of a Go panic the
	// message and the stack, of anything else the last lines. It is not to be
	// changed.
	Said []string
}

// BuildError is one thing that a compiler found.
type BuildError struct {
	// File is as the compiler gave it, Line and Column count from 1. They are
	// empty and 0 if it is not known where.
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"col"`
	Text   string `json:"text"`
}

// String returns the error as compilers print it.
func (e BuildError) String() string {
	switch {
	case e.File == "":
		return e.Text
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.File, e.Text)
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Text)
}

// WatchChanged says that files of the program's source have changed.
type WatchChanged struct {
	Paths []string `json:"paths"`
}

// WatchPaused says that changes are not acted on any more.
type WatchPaused struct{}

// WatchResumed says that changes are acted on again.
type WatchResumed struct{}

// BuildStarted says that the program is being built.
type BuildStarted struct {
	Cmd string `json:"cmd"`
}

// BuildFailed says that the program could not be built; what runs goes on.
type BuildFailed struct {
	TookMS int64        `json:"took_ms"`
	Errors []BuildError `json:"errors"`
}

// BuildDone says that the program was built, and what generation that is: the
// present one if nothing has changed by it.
type BuildDone struct {
	TookMS     int64 `json:"took_ms"`
	Generation int   `json:"gen"`
}

// RolledBack says that a former generation serves again.
type RolledBack struct {
	Generation int `json:"gen"`
}

func (WatchChanged) name() string { return "watch_changed" }
func (WatchPaused) name() string  { return "watch_paused" }
func (WatchResumed) name() string { return "watch_resumed" }
func (BuildStarted) name() string { return "build_started" }
func (BuildFailed) name() string  { return "build_failed" }
func (BuildDone) name() string    { return "build_done" }
func (RolledBack) name() string   { return "rolled_back" }

// SourceEvent is what whoever watches and builds the program can tell of it.
type SourceEvent interface {
	EventData
	// tell notes the event in s, and returns how urgent it is.
	tell(s *source) Level
}

// source is what the owner knows of the program's source.
type source struct{ Source }

// built notes that what there is now could be built.
func (s *source) built() {
	s.Building, s.Problems = time.Time{}, nil
	s.stale("", nil)
}

// stale notes why the newest code does not serve, and what its worker said.
func (s *source) stale(why string, said []string) { s.Stale, s.Said = why, said }

// unusable notes that what there is now could be built but not be started.
func (s *source) unusable(why error) {
	s.built()
	s.stale(why.Error(), nil)
}

func (WatchChanged) tell(*source) Level { return LevelInfo }

func (WatchPaused) tell(s *source) Level {
	s.Paused = true
	return LevelWarn
}

func (WatchResumed) tell(s *source) Level {
	s.Paused = false
	return LevelInfo
}

func (BuildStarted) tell(s *source) Level {
	s.Building = time.Now()
	return LevelInfo
}

func (e BuildFailed) tell(s *source) Level {
	s.Building, s.Problems = time.Time{}, e.Errors
	s.stale("the build failed", nil)
	if len(e.Errors) > 0 {
		s.Stale += ": " + e.Errors[0].String()
	}
	return LevelError
}

func (w Warning) tell(*source) Level { return LevelWarn }

// told publishes an event of the source. A first build that fails leaves
// nothing to run, which ends a cluster that is to give up.
func (o *owner) told(e SourceEvent) {
	o.emit(e.tell(&o.source), e)
	_, failed := e.(BuildFailed)
	o.outage.changed = o.outage.changed || failed
	if failed && o.opts.GiveUp && o.serving == nil && !o.stopping {
		o.failure = errors.New(o.source.Stale)
		o.stop()
	}
}
