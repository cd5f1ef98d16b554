package steer

import "golang.org/x/net/bpf"

// maxReady bounds the members that a program picks from: its jumps reach 255
// instructions, so it tests the candidates one by one, and the kernel takes at
// most 4096 instructions (BPF_MAXINSNS).
const maxReady = 1024

// network is where a program finds the IP header: it sees what follows the TCP
// header (SKF_NET_OFF, linux/filter.h).
const network = 0xfff00000

// program returns the filter that picks one of the indexes by the client's port,
// or the anchor, index 0, if there are none.
//
// Linux gives a client's connections to one address every second port in turn, but
// skips one now and then (__inet_hash_connect), so by half the port they go to the
// members nearly in turn. Where ports come at random, so does the member.
func program(ready []uint32) []bpf.Instruction {
	ready = ready[:min(len(ready), maxReady)]
	if len(ready) == 0 {
		return []bpf.Instruction{bpf.RetConstant{Val: 0}}
	}
	p := append(loadClientPort(),
		bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 1},
		bpf.ALUOpConstant{Op: bpf.ALUOpMod, Val: uint32(len(ready))},
	)
	for i, index := range ready {
		p = append(p,
			bpf.JumpIf{Cond: bpf.JumpNotEqual, Val: uint32(i), SkipTrue: 1},
			bpf.RetConstant{Val: index},
		)
	}
	return append(p, bpf.RetConstant{Val: ready[0]})
}

// loadClientPort returns what loads a TCP segment's source port, RFC 9293,
// section 3.1, behind an IPv4 header of any length (RFC 791, section 3.1) or an
// IPv6 one (RFC 8200, section 3). Behind IPv6 extension headers it is other bytes.
func loadClientPort() []bpf.Instruction {
	return []bpf.Instruction{
		bpf.LoadAbsolute{Off: network, Size: 1},
		bpf.ALUOpConstant{Op: bpf.ALUOpShiftRight, Val: 4},
		bpf.JumpIf{Cond: bpf.JumpEqual, Val: 6, SkipFalse: 2},
		bpf.LoadAbsolute{Off: network + 40, Size: 2},
		bpf.Jump{Skip: 2},
		bpf.LoadMemShift{Off: network},
		bpf.LoadIndirect{Off: network, Size: 2},
	}
}
