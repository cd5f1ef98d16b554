//go:build linux

package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// contract is every event and its fields, in their order. Scripts rely on it.
var contract = map[string]string{
	"cluster_started":   "workers balance adoption",
	"port_opened":       "addr",
	"worker_started":    "worker pid gen",
	"worker_ready":      "worker pid gen took_ms addr",
	"worker_draining":   "worker pid gen in_flight",
	"worker_exited":     "worker pid gen code signal expected uptime_ms reason",
	"restart_scheduled": "worker delay_ms attempt",
	"crash_loop":        "worker crashes window_ms",
	"scaled":            "from to by",
	"reload_started":    "gen cause",
	"reload_done":       "gen took_ms requests failed max_wait_ms",
	"reload_failed":     "gen why",
	"watch_changed":     "paths",
	"watch_paused":      "",
	"watch_resumed":     "",
	"build_started":     "cmd",
	"build_failed":      "took_ms errors",
	"build_done":        "took_ms gen",
	"rolled_back":       "gen",
	"log":               "worker stream line",
	"warning":           "text",
	"cluster_stopped":   "took_ms",
}

// buildError is one of the errors of a build.
type buildError struct {
	File      string
	Line, Col int
	Text      string
}

// event is one line of JSON output, all fields in one.
type event struct {
	Time       time.Time
	Level      string
	Event      string
	Worker     int
	PID        int
	Gen        int
	Workers    int
	Balance    string
	Adoption   string
	Addr       string
	Code       int
	Signal     string
	Expected   bool
	Reason     string
	DelayMS    int64 `json:"delay_ms"`
	Attempt    int
	Crashes    int
	From, To   int
	By         string
	Cause, Why string
	Paths      []string
	Cmd        string
	Errors     []buildError
	Failed     int
	Stream     string
	Line, Text string
}

// parseEvent reads a line and checks it against the contract.
func parseEvent(line string) (event, error) {
	var e event
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		return e, fmt.Errorf("not a JSON object: %w: %q", err, line)
	}
	fields, known := contract[e.Event]
	if !known {
		return e, fmt.Errorf("an event that is not in the contract: %s", line)
	}
	want := append([]string{"time", "level", "event"}, strings.Fields(fields)...)
	got, err := keys(line)
	if err != nil {
		return e, err
	}
	if !slices.Equal(got, want) {
		return e, fmt.Errorf("fields %q, want %q: %s", got, want, line)
	}
	if e.Time.IsZero() || !slices.Contains([]string{"info", "warn", "error"}, e.Level) {
		return e, fmt.Errorf("bad time or level: %s", line)
	}
	return e, nil
}

// keys returns the names of a JSON object in their order.
func keys(object string) (names []string, err error) {
	d := json.NewDecoder(bytes.NewReader([]byte(object)))
	if _, err := d.Token(); err != nil { // the opening brace
		return nil, err
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, err
		}
		names = append(names, name.(string))
	}
	return names, nil
}
