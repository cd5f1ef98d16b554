package cluster

import (
	"fmt"
	"os"
	"slices"
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
	env := slices.DeleteFunc(os.Environ(), func(kv string) bool {
		return slices.Contains(hiddenVars, nameOf(kv))
	})
	return overlay(env, extra...)
}

// workerEnv adds what a worker is told of itself.
func workerEnv(base []string, slot, workers, generation int) []string {
	return overlay(base,
		fmt.Sprintf("GCL_WORKER=%d", slot),
		fmt.Sprintf("GCL_WORKERS=%d", workers),
		fmt.Sprintf("GCL_GENERATION=%d", generation))
}

// overlay returns env with extra in the place of what has the same names: of
// doubles in an environment, programs may see either.
func overlay(env []string, extra ...string) []string {
	out := make([]string, 0, len(env)+len(extra))
	for _, kv := range slices.Concat(env, extra) {
		name := nameOf(kv)
		out = slices.DeleteFunc(out, func(old string) bool { return nameOf(old) == name })
		out = append(out, kv)
	}
	return out
}

func nameOf(kv string) string {
	name, _, _ := strings.Cut(kv, "=")
	return name
}
