package cluster

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gcl-tui/cluster/internal/proc"
	"gcl-tui/cluster/internal/router"
)

// crashReport is what is known of the end of a worker that nobody has asked for.
// It is immutable.
type crashReport struct {
	slot   int
	reason string // the whole, in one line
	exit   string // what the process's end was
	words  string // the message of the panic, or what comes nearest
	uptime time.Duration
	stderr []string // what it said last
	mark   int      // which of these lines is words, from 1; 0 if none is
}

// crashOf returns how a worker has crashed.
func crashOf(w *worker, exit proc.Exit, uptime time.Duration) *crashReport {
	c := &crashReport{slot: w.slot.num, reason: reasonOf(w, exit), exit: exit.String(), uptime: uptime}
	c.words, c.stderr = w.out.ending()
	for _, better := range []string{w.refused, w.verdict} {
		if better != "" {
			c.words = better
		}
	}
	c.mark = slices.Index(c.stderr, c.words) + 1
	return c
}

// startFailure returns how a worker has ended that never was.
func startFailure(slot int, err error) *crashReport {
	const what = "cannot start"
	return &crashReport{slot: slot, reason: what + ": " + err.Error(), exit: what, words: err.Error()}
}

// failure returns why the slot's worker crashed and what it said last, if none has
// been ready since.
func (s *slot) failure() (why string, said []string) {
	if s.crash == nil {
		return "", nil
	}
	return s.crash.reason, s.crash.stderr
}

// crashes returns the latest crash of each slot that is down.
func (o *owner) crashes() (all []*crashReport) {
	for _, s := range o.slots {
		if s.cur == nil && s.crash != nil && !s.stopped {
			all = append(all, s.crash)
		}
	}
	return all
}

// crashParts describes crashes of a program in dir, those that say the same only
// once.
func crashParts(crashes []*crashReport, dir string) (parts []router.Part) {
	done := make([]bool, len(crashes))
	for i, c := range crashes {
		if done[i] {
			continue
		}
		var slots []string
		for j, other := range crashes[i:] {
			if other.exit == c.exit && other.words == c.words {
				done[i+j] = true
				slots = append(slots, fmt.Sprintf("w%d", other.slot))
			}
		}
		parts = append(parts, c.parts(strings.Join(slots, ", "), dir)...)
	}
	return parts
}

// parts describes a crash: what it was, where in the program's own source, if
// that is known, and what was said.
func (c *crashReport) parts(who, dir string) []router.Part {
	what := router.Part{Title: who + ": " + c.exit, Message: c.words}
	if c.uptime > 0 {
		what.Title += fmt.Sprintf(" after %v", c.uptime.Round(time.Millisecond))
	}
	said, mark := strings.Join(c.stderr, "\n"), c.mark
	at, frame := ownFrame(c.stderr, dir)
	source, line := excerpt(at)
	if line == 0 {
		what.Text, what.Mark = said, mark
		return []router.Part{what}
	}
	return []router.Part{
		what,
		{Title: fmt.Sprintf("%s:%d", relativeTo(dir, at.File), at.Line), Text: source, Mark: line},
		{Title: "stderr", Text: said, Mark: frame},
	}
}

// place returns where in the program's own source in dir the worker crashed, as
// an addition to the reason, and empty if that is not known. What a worker says
// that was ended by the master is no reason.
func (c *crashReport) place(dir string) string {
	if c.mark == 0 {
		return ""
	}
	at, frame := ownFrame(c.stderr, dir)
	if frame == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s:%d)", relativeTo(dir, at.File), at.Line)
}

// How much of stderr is shown: of what follows the message of a Go panic, which
// has its stack below it; else the end, where others put theirs.
const (
	shownStack = 60
	shownEnd   = 40
)

// ending returns the last words, and the part of stderr that explains them.
func (o *output) ending() (words string, lines []string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	words, lines = lastWords(o.tail), o.tail
	if at := slices.Index(lines, words); at >= 0 && isPanic(words) {
		lines = lines[at:min(at+shownStack, len(lines))]
	} else {
		lines = lines[max(0, len(lines)-shownEnd):]
	}
	return words, slices.Clone(lines)
}
