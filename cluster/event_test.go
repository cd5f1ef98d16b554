package cluster

import (
	"encoding/json"
	"testing"
	"time"
)

// The names and fields are a contract: scripts depend on them.
func TestEventJSON(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC)
	for _, c := range []struct {
		level Level
		data  EventData
		want  string
	}{
		{LevelInfo, ClusterStarted{4, LeastInFlight, "seccomp"}, `"info","event":"cluster_started","workers":4,"balance":"least","adoption":"seccomp"`},
		{LevelInfo, PortOpened{":8080"}, `"info","event":"port_opened","addr":":8080"`},
		{LevelInfo, WorkerStarted{1, 4121, 2}, `"info","event":"worker_started","worker":1,"pid":4121,"gen":2`},
		{LevelInfo, WorkerReady{1, 4121, 2, 38, "127.77.0.1:8080"}, `"info","event":"worker_ready","worker":1,"pid":4121,"gen":2,"took_ms":38,"addr":"127.77.0.1:8080"`},
		{LevelInfo, WorkerDraining{1, 4121, 2, 3}, `"info","event":"worker_draining","worker":1,"pid":4121,"gen":2,"in_flight":3`},
		{LevelError, WorkerExited{1, 4121, 2, -1, "SIGSEGV", false, 1500, "SIGSEGV"}, `"error","event":"worker_exited","worker":1,"pid":4121,"gen":2,"code":-1,"signal":"SIGSEGV","expected":false,"uptime_ms":1500,"reason":"SIGSEGV"`},
		{LevelWarn, RestartScheduled{1, 100, 2}, `"warn","event":"restart_scheduled","worker":1,"delay_ms":100,"attempt":2`},
		{LevelError, CrashLoop{1, 5, 900}, `"error","event":"crash_loop","worker":1,"crashes":5,"window_ms":900`},
		{LevelInfo, Scaled{4, 2, "you"}, `"info","event":"scaled","from":4,"to":2,"by":"you"`},
		{LevelInfo, ReloadStarted{2, "you"}, `"info","event":"reload_started","gen":2,"cause":"you"`},
		{LevelInfo, ReloadDone{2, 640, -1, -1, -1}, `"info","event":"reload_done","gen":2,"took_ms":640,"requests":null,"failed":null,"max_wait_ms":null`},
		{LevelInfo, ReloadDone{2, 640, 1200, 0, 3}, `"info","event":"reload_done","gen":2,"took_ms":640,"requests":1200,"failed":0,"max_wait_ms":3`},
		{LevelError, ReloadFailed{2, "w1: exit 1"}, `"error","event":"reload_failed","gen":2,"why":"w1: exit 1"`},
		{LevelInfo, Log{1, "stderr", "\x1b[31mred\x1b[0m \"quoted\" \xff"}, `"info","event":"log","worker":1,"stream":"stderr","line":"\u001b[31mred\u001b[0m \"quoted\" \ufffd"`},
		{LevelWarn, Warning{"the port is taken"}, `"warn","event":"warning","text":"the port is taken"`},
		{LevelInfo, ClusterStopped{210}, `"info","event":"cluster_stopped","took_ms":210`},
	} {
		e := Event{Seq: 9, Time: at, Level: c.level, Data: c.data}
		got, err := json.Marshal(e)
		want := `{"time":"2026-01-02T03:04:05.678Z","level":` + c.want + "}"
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n got %s\nwant %s", e.Name(), err, got, want)
		}
	}
}
