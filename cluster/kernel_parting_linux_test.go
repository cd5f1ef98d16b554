package cluster

import (
	"runtime"
	"strings"
	"testing"
)

// TestKernelLooksOnceForAllParting: with many workers gone at once, as in a reload, the
// walk through the kernel's connections is not made for each of their sockets.
func TestKernelLooksOnceForAllParting(t *testing.T) {
	const workers = 4
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("deferring", addr), Workers: workers, Balance: Kernel, StopTimeout: 2 * deadline})
	await[WorkerReady](l, workers)
	var parting, looking int
	if err := l.ask(func(o *owner) {
		for _, w := range o.all() {
			o.carryOver(w)
		}
		parting, looking = len(o.parting), startedBy("(*owner).leave")
	}); err != nil {
		t.Fatal(err)
	}
	if parting != workers || looking != 1 {
		t.Errorf("%d goroutines look for %d sockets, want 1 for %d", looking, parting, workers)
	}
	l.awaitParted()
}

// startedBy counts the goroutines that a function has started.
func startedBy(function string) int {
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return strings.Count(string(stacks), "created by gcl-tui/cluster."+function+" in ")
}
