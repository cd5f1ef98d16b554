package ui

import (
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// inKernel says whether the kernel balances, and so only connections are known.
func inKernel(s *cluster.Snapshot) bool { return s.Balance == cluster.Kernel }

// sockets sums over the workers. ok is false while nothing is known of any.
func sockets(s *cluster.Snapshot) (sum cluster.Sockets, ok bool) {
	for _, w := range s.Workers {
		if w.Sockets == nil {
			continue
		}
		ok = true
		sum.Conns += w.Sockets.Conns
		sum.Waiting += w.Sockets.Waiting
		sum.BytesIn += w.Sockets.BytesIn
		sum.BytesOut += w.Sockets.BytesOut
		sum.RTT = max(sum.RTT, w.Sockets.RTT)
	}
	return sum, ok
}

// kernelWhy says why there are no more figures.
const kernelWhy = "Clients reach the workers without the master: it sees connections, but neither requests nor their latency."

// kernelPane is the traffic pane of a cluster that the kernel balances.
func kernelPane(v *view, r rect) []string {
	inner, rows := r.w-draw.BoxEdge, r.h-draw.BoxRows
	box := draw.Box{Title: "traffic", Right: []draw.Chunk{draw.Of(2, v.Muted, "balance kernel")}}
	body := []string{
		v.Bar(inner, kernelChunks(v), nil),
		v.Bar(inner, kernelBytes(v), nil),
		v.Line(inner).String(),
	}
	for text := range strings.SplitSeq(ansi.Wordwrap(kernelWhy, max(1, inner), ""), "\n") {
		body = append(body, v.Line(inner).Text(v.Muted, text).String())
	}
	return box.Draw(v.Pen, r.w, r.h, v.pad(body, inner, rows))
}

// kernelChunks are the connections now.
func kernelChunks(v *view) []draw.Chunk {
	conns, waiting := draw.Unknown, draw.Unknown
	how := toneMuted
	if s, ok := sockets(v.snap); ok {
		conns, waiting = draw.Count(s.Conns), draw.Count(s.Waiting)
		if s.Waiting > 0 {
			how = toneWarn
		}
	}
	return []draw.Chunk{
		{Spans: []draw.Span{{Style: v.Strong, Text: conns}, v.muted(" conns")}},
		v.figure(1, "waiting", how, waiting),
		v.heldChunk(2),
	}
}

// kernelBytes is what the open connections have carried, no totals, and the slowest
// worker's round-trip time.
func kernelBytes(v *view) []draw.Chunk {
	in, out, rtt := draw.Unknown, draw.Unknown, draw.Unknown
	if s, ok := sockets(v.snap); ok {
		in, out = draw.Bytes(int64(s.BytesIn)), draw.Bytes(int64(s.BytesOut))
		if s.RTT > 0 {
			rtt = v.Latency(s.RTT.Round(time.Microsecond))
		}
	}
	return []draw.Chunk{
		v.figure(1, "open conns: in", tonePlain, in),
		v.figure(1, "out", tonePlain, out),
		v.figure(2, "rtt", tonePlain, rtt),
	}
}
