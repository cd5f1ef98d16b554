package steer

import "golang.org/x/net/bpf"

// maxReady bounds the members that a program picks from: its jumps reach 255
// instructions, so it tests the candidates one by one, and the kernel takes at
// most 4096 instructions (BPF_MAXINSNS).
const maxReady = 1024

// program returns the filter that picks one of the indexes at random, or the
// anchor, index 0, if there are none.
func program(ready []uint32) []bpf.Instruction {
	ready = ready[:min(len(ready), maxReady)]
	if len(ready) == 0 {
		return []bpf.Instruction{bpf.RetConstant{Val: 0}}
	}
	p := []bpf.Instruction{
		bpf.LoadExtension{Num: bpf.ExtRand},
		bpf.ALUOpConstant{Op: bpf.ALUOpMod, Val: uint32(len(ready))},
	}
	for i, index := range ready {
		p = append(p,
			bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(i), SkipTrue: 1},
			bpf.RetConstant{Val: index},
		)
	}
	return append(p, bpf.RetConstant{Val: ready[0]})
}
