package cluster

import (
	"fmt"
	"os"
	"strings"
)

// hiddenVars are not passed on: they would change how some programs run, or
// are meant for the master itself.
var hiddenVars = []string{
	"NODE_UNIQUE_ID", "NODE_CHANNEL_FD", "WEB_CONCURRENCY",
	"NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES",
}

// baseEnv returns the master's environment without what workers must not see,
// and with extra on top.
func baseEnv(extra []string) []string {
	var env []string
	for _, kv := range os.Environ() {
		if name, _, _ := strings.Cut(kv, "="); !hidden(name) {
			env = append(env, kv)
		}
	}
	return append(env, extra...)
}

func hidden(name string) bool {
	for _, h := range hiddenVars {
		if name == h {
			return true
		}
	}
	return false
}

// workerEnv adds what a worker is told of itself.
func workerEnv(base []string, slot, workers, generation int) []string {
	return append(base[:len(base):len(base)],
		fmt.Sprintf("GCL_WORKER=%d", slot),
		fmt.Sprintf("GCL_WORKERS=%d", workers),
		fmt.Sprintf("GCL_GENERATION=%d", generation))
}
