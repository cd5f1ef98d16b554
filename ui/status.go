package ui

import (
	"gcl-tui/ui/internal/draw"
)

// statusPane is everything in a few lines: what matters most comes first, and
// the keys, if there is room, last.
func statusPane(v *view, _ form, r rect) []string {
	lines := []string{v.Bar(r.w, append(v.readiness(), v.staleChunks()...), nil)}
	if bannerOf(v.Pen, v.snap, r.w) != nil {
		lines = append(lines, bannerPane(v, formStrip, rect{w: r.w, h: 1})...)
	}
	lines = append(lines,
		v.Bar(r.w, statusTraffic(v), nil),
		v.Bar(r.w, statusMachine(v), nil),
	)
	keys := 0
	if r.h >= 3 || v.asking != "" { // a question is answered blindly otherwise
		keys = 1
	}
	lines = append(lines, feedLines(v, r.w, r.h-keys-len(lines))...)
	lines = v.pad(lines, r.w, r.h-keys)
	if keys > 0 {
		lines = append(lines, v.Bar(r.w, v.footerLeft(), nil))
	}
	return lines
}

func statusTraffic(v *view) []draw.Chunk {
	if inKernel(v.snap) {
		return kernelChunks(v)
	}
	if !v.snap.Traffic.Known {
		return []draw.Chunk{draw.Of(0, v.Muted, "no port is open")}
	}
	return []draw.Chunk{
		draw.Of(0, v.Strong, draw.Rate(v.snap.Traffic.Rate)+"/s"),
		v.errorChunk(1),
		v.heldChunk(3),
		v.figure(2, "p99", tonePlain, latency(v, v.snap.Traffic.Latency, v.snap.Traffic.Latency.P99)),
	}
}

func statusMachine(v *view) []draw.Chunk {
	m := v.snap.Machine
	return []draw.Chunk{
		v.figure(0, "cpu", tonePlain, draw.Percent(m.CPU)),
		v.figure(1, "mem", tonePlain, memory(m.MemUsed, m.MemTotal)),
	}
}
