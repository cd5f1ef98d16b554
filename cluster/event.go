package cluster

import (
	"encoding/json"
	"strconv"
	"time"
)

// Level says how much an event asks of the reader.
type Level string

// The levels, from least to most urgent.
const (
	LevelInfo  Level = "info"
	LevelWarn  Level = "warn"
	LevelError Level = "error"
)

// Event is something that happened. It is immutable.
type Event struct {
	// Seq counts events and log lines from 1, without gaps.
	Seq uint64
	// Time is when it happened.
	Time time.Time
	// Level is how urgent it is.
	Level Level
	// Data says what happened; its type is one of those in this file.
	Data EventData
}

// Name returns the event's name in the JSON contract, such as "worker_ready".
func (e Event) Name() string { return e.Data.name() }

// MarshalJSON returns the event as one flat JSON object: time, level, event,
// then the fields of Data.
func (e Event) MarshalJSON() ([]byte, error) {
	head, err := json.Marshal(struct {
		Time  time.Time `json:"time"`
		Level Level     `json:"level"`
		Event string    `json:"event"`
	}{e.Time, e.Level, e.Name()})
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(e.Data)
	if err != nil {
		return nil, err
	}
	if len(body) <= len("{}") {
		return head, nil
	}
	head[len(head)-1] = ','
	return append(head, body[1:]...), nil
}

// EventData is what an event says. The set of implementations is closed.
type EventData interface{ name() string }

// ClusterStarted is the first event.
type ClusterStarted struct {
	Workers int     `json:"workers"`
	Balance Balance `json:"balance"`
	// Adoption is how workers get the shared port: "seccomp", or "env" with
	// the reason behind it, as in "env (switched off)".
	Adoption string `json:"adoption"`
}

// PortOpened says that the master now listens on a public address, or that workers
// listen on a Unix socket ("unix:/run/app.sock").
type PortOpened struct {
	Addr string `json:"addr"`
}

// WorkerStarted says that a worker's process exists.
type WorkerStarted struct {
	Worker     int `json:"worker"`
	PID        int `json:"pid"`
	Generation int `json:"gen"`
}

// WorkerReady says that a worker can take requests, or, if it listens on
// nothing, that it is up.
type WorkerReady struct {
	Worker     int   `json:"worker"`
	PID        int   `json:"pid"`
	Generation int   `json:"gen"`
	TookMS     int64 `json:"took_ms"`
	// Addr is the worker's own private address, empty for a plain worker.
	Addr string `json:"addr"`
}

// WorkerDraining says that a worker gets no new requests and finishes those it has.
type WorkerDraining struct {
	Worker     int `json:"worker"`
	PID        int `json:"pid"`
	Generation int `json:"gen"`
	InFlight   int `json:"in_flight"`
}

// WorkerExited says that a worker's process ended.
type WorkerExited struct {
	Worker     int `json:"worker"`
	PID        int `json:"pid"`
	Generation int `json:"gen"`
	// Code is the exit code, or -1 if a signal ended the process.
	Code int `json:"code"`
	// Signal is the name of the signal that ended it, as in "SIGKILL", or empty.
	Signal string `json:"signal"`
	// Expected is true if the master asked for the exit.
	Expected bool  `json:"expected"`
	UptimeMS int64 `json:"uptime_ms"`
	// Reason is one line for a person: what the exit was, and the panic's
	// message or the last line of stderr if there was one.
	Reason string `json:"reason"`
}

// RestartScheduled says that a crashed worker will be replaced.
type RestartScheduled struct {
	Worker  int   `json:"worker"`
	DelayMS int64 `json:"delay_ms"`
	Attempt int   `json:"attempt"`
}

// CrashLoop says that a slot was given up until the next change or key.
type CrashLoop struct {
	Worker   int   `json:"worker"`
	Crashes  int   `json:"crashes"`
	WindowMS int64 `json:"window_ms"`
}

// Scaled says that the number of workers asked for has changed.
type Scaled struct {
	From int `json:"from"`
	To   int `json:"to"`
	// By says who asked: "you" or "signal".
	By string `json:"by"`
}

// ReloadStarted says that all workers are being replaced, one by one.
type ReloadStarted struct {
	Generation int    `json:"gen"`
	Cause      string `json:"cause"`
}

// ReloadDone is the receipt of a reload.
type ReloadDone struct {
	Generation int   `json:"gen"`
	TookMS     int64 `json:"took_ms"`
	// Requests and Failed count what clients asked while it went on; MaxWaitMS
	// is the longest that a request waited for a worker.
	Requests  Tally `json:"requests"`
	Failed    Tally `json:"failed"`
	MaxWaitMS Tally `json:"max_wait_ms"`
}

// Tally is a figure that only the router can know: negative if it does not, as
// where the kernel balances or there are only Unix sockets, and then null in JSON.
type Tally int64

// MarshalJSON implements json.Marshaler.
func (n Tally) MarshalJSON() ([]byte, error) {
	if n < 0 {
		return []byte("null"), nil
	}
	return strconv.AppendInt(nil, int64(n), 10), nil
}

// ReloadFailed says that a reload was given up; the old workers go on.
type ReloadFailed struct {
	Generation int    `json:"gen"`
	Why        string `json:"why"`
}

// Log is one line that a worker wrote.
type Log struct {
	Worker int `json:"worker"`
	// Stream is "stdout" or "stderr".
	Stream string `json:"stream"`
	// Line has no line end. It is as the worker wrote it: it may hold colour
	// codes, other control bytes and invalid UTF-8.
	Line string `json:"line"`
}

// Warning is a sentence for a person.
type Warning struct {
	Text string `json:"text"`
}

// ClusterStopped is the last event: every worker has ended.
type ClusterStopped struct {
	TookMS int64 `json:"took_ms"`
}

func (ClusterStarted) name() string   { return "cluster_started" }
func (PortOpened) name() string       { return "port_opened" }
func (WorkerStarted) name() string    { return "worker_started" }
func (WorkerReady) name() string      { return "worker_ready" }
func (WorkerDraining) name() string   { return "worker_draining" }
func (WorkerExited) name() string     { return "worker_exited" }
func (RestartScheduled) name() string { return "restart_scheduled" }
func (CrashLoop) name() string        { return "crash_loop" }
func (Scaled) name() string           { return "scaled" }
func (ReloadStarted) name() string    { return "reload_started" }
func (ReloadDone) name() string       { return "reload_done" }
func (ReloadFailed) name() string     { return "reload_failed" }
func (Log) name() string              { return "log" }
func (Warning) name() string          { return "warning" }
func (ClusterStopped) name() string   { return "cluster_stopped" }
