package steer

import (
	"testing"

	"golang.org/x/net/bpf"
)

func TestProgramIsAccepted(t *testing.T) {
	const most = 4096 // BPF_MAXINSNS
	for _, n := range []int{0, 1, 2, 64, maxReady, maxReady + 5} {
		ready := make([]uint32, n)
		for i := range ready {
			ready[i] = uint32(i + 1)
		}
		code, err := bpf.Assemble(program(ready))
		if err != nil || len(code) > most {
			t.Errorf("%d ready members: %d instructions, %v", n, len(code), err)
		}
	}
}

func TestProgramPicksTheAnchorIfNobodyIsReady(t *testing.T) {
	vm, err := bpf.NewVM(program(nil))
	if err != nil {
		t.Fatal(err)
	}
	if index, err := vm.Run(nil); index != 0 || err != nil {
		t.Errorf("it picks %d (%v)", index, err)
	}
}
