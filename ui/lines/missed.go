package lines

import (
	"bufio"
	"strings"
	"time"

	"gcl-tui/cluster"
)

// missedEvery is how often it is said that something was missed: in a flood
// each batch would have a line of it.
const missedEvery = time.Second

// missed counts what left the rings before it could be printed, until it is said.
type missed struct {
	events, logs uint64
	due          time.Time
}

func (m *missed) add(b cluster.Batch) {
	m.events += b.MissedEvents
	m.logs += b.MissedLogs
}

// print says what was missed, if anything was and it is time to.
func (m *missed) print(out *bufio.Writer, p printer, now time.Time) error {
	text := m.text()
	if text == "" || now.Before(m.due) {
		return nil
	}
	*m = missed{due: now.Add(missedEvery)}
	return printEvent(out, p, warning(now, text))
}

func (m *missed) text() string {
	var parts []string
	if m.events > 0 {
		parts = append(parts, count(m.events, "event", "events"))
	}
	if m.logs > 0 {
		parts = append(parts, count(m.logs, "log line", "log lines"))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " and ") + " missed: they came faster than this output took them"
}
