package cluster

import (
	"net/netip"
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

// TestKernelGivesUpASupersededAddress: the program has moved from the wildcard to one
// address. A client in the handshake does not keep the former open.
func TestKernelGivesUpASupersededAddress(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{
		Command: program("deferring", addr), Workers: 2, Balance: Kernel,
		Ports: []string{addr[1:]}, StopTimeout: 2 * deadline,
	})
	await[WorkerReady](l, 2)
	dialSilent(t, addr, 1)
	if err := l.ask(func(o *owner) {
		o.supersede(netip.MustParseAddrPort("127.0.0.1"+addr), false)
		for _, w := range o.all() {
			o.steer(w, false)
			o.carryOver(w)
		}
		if len(o.parting) != 0 {
			t.Errorf("%d sockets are still at the former address", len(o.parting))
		}
		if len(o.warned) != 0 {
			t.Errorf("it is warned of: %v", o.warned)
		}
	}); err != nil {
		t.Fatal(err)
	}
}
