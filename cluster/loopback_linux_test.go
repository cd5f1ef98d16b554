package cluster

import "testing"

func TestMastersHaveDifferentNetworks(t *testing.T) {
	const seed = 4242
	first, second := openLoopback(t, seed), openLoopback(t, seed)
	if first.net == second.net {
		t.Fatalf("both have %v", first.net)
	}
	second.release()
	if third := openLoopback(t, seed); third.net != second.net {
		t.Errorf("%v was given back, but the third got %v", second.net, third.net)
	}
}
