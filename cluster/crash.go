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
	exit   string // what the process's end was
	words  string // the message of the panic, or what comes nearest
	uptime time.Duration
	stderr []string // what it said last
	mark   int      // which of these lines is words, from 1; 0 if none is
}

// crashOf returns how a worker has crashed.
func crashOf(w *worker, exit proc.Exit, uptime time.Duration) *crashReport {
	c := &crashReport{slot: w.slot.num, exit: exit.String(), uptime: uptime}
	c.words, c.stderr = w.out.ending()
	for _, better := range []string{w.refused, w.verdict} {
		if better != "" {
			c.words = better
		}
	}
	c.mark = slices.Index(c.stderr, c.words) + 1
	return c
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

// crashParts describes crashes, those that say the same only once.
func crashParts(crashes []*crashReport) (parts []router.Part) {
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
		parts = append(parts, c.part(strings.Join(slots, ", ")))
	}
	return parts
}

func (c *crashReport) part(who string) router.Part {
	return router.Part{
		Title:   fmt.Sprintf("%s: %s after %v", who, c.exit, c.uptime.Round(time.Millisecond)),
		Message: c.words,
		Text:    strings.Join(c.stderr, "\n"),
		Mark:    c.mark,
	}
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
