package ui

import (
	"slices"
	"strings"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// sourceSeparator parts what is watched from how it is built and why in
// cluster.Source.What.
const sourceSeparator = " · "

// watches says whether changes of the program's source are looked for.
func watches(s cluster.Source) bool {
	return s.What != "" && !strings.HasPrefix(s.What, "not watching")
}

// builds says whether there is a build: what is not built is only loaded anew.
func builds(s cluster.Source) bool {
	return !slices.Contains(strings.Split(s.What, sourceSeparator), "no build")
}

// sourceChunks say whether changes are acted on, and what is being built.
func (v *view) sourceChunks() []draw.Chunk {
	src := v.snap.Source
	var chunks []draw.Chunk
	if !src.Building.IsZero() {
		took := draw.Countdown(v.now.Sub(src.Building))
		chunks = append(chunks, draw.Of(1, v.Accent, v.Cycle+" building "+took))
	}
	switch {
	case !watches(src):
		return chunks
	case src.Paused:
		chunks = append(chunks, draw.Of(1, v.Warn, v.Exited+" watch paused"))
		if src.Waiting > 0 {
			chunks = append(chunks, draw.Of(3, v.Warn, changesWait(src.Waiting)))
		}
		return chunks
	case len(chunks) > 0: // that it watches goes without saying
		return chunks
	}
	chunks = append(chunks, draw.Of(4, v.Good, v.Watching+" watching"))
	watched, _, _ := strings.Cut(src.What, sourceSeparator)
	watched, _, _ = strings.Cut(watched, " of ") // of what: the command says it
	if watched = v.Clean(strings.TrimPrefix(watched, "watching ")); watched != "" {
		chunks = append(chunks, draw.Of(9, v.Muted, watched))
	}
	return chunks
}

// changesWait says how many changed files wait.
func changesWait(files int) string {
	if files == 1 {
		return "1 change waits"
	}
	return draw.Count(files) + " changes wait"
}

// whatChunks are the line about the source in full, or none.
func whatChunks(v *view) []draw.Chunk {
	src := v.snap.Source
	switch {
	case src.What == "":
		return nil
	case watches(src) && src.Paused:
		return []draw.Chunk{draw.Of(0, v.Warn, v.Exited+" paused: "+v.Clean(src.What))}
	case watches(src):
		return []draw.Chunk{draw.Of(0, v.Muted, v.Watching+" "+v.Clean(src.What))}
	}
	return []draw.Chunk{draw.Of(0, v.Muted, v.Exited+" "+v.Clean(src.What))}
}

// sourceHints returns the keys that do something about the program.
func sourceHints(k KeyMap, s *cluster.Snapshot) []hint {
	var hints []hint
	if isStale(s) {
		hints = append(hints, hint{merged(k.Errors, "errors"), 4})
	}
	if watches(s.Source) {
		text := "pause watch"
		if s.Source.Paused {
			text = "watch again"
		}
		hints = append(hints, hint{merged(k.Watch, text), 5})
	}
	if s.Source.What != "" {
		text := "build"
		if !builds(s.Source) {
			text = "reload"
		}
		hints = append(hints, hint{merged(k.Build, text), 7})
	}
	switch {
	case former(s) > 0: // there is not much time
		hints = append(hints, hint{merged(k.RollBack, "roll back"), 4})
	case s.Previous > 0:
		hints = append(hints, hint{merged(k.RollBack, "roll back"), 7})
	}
	return hints
}
