package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// trafficPane shows what the router sees: the rate and its history, what is
// going on now, latencies, status classes.
func trafficPane(v *view, f form, r rect) []string {
	if f == formStrip {
		return []string{trafficStrip(v, r.w)}
	}
	if inKernel(v.snap) {
		return kernelPane(v, r)
	}
	inner, rows := r.w-draw.BoxEdge, r.h-draw.BoxRows
	t := v.snap.Traffic
	box := draw.Box{Title: "traffic"}
	if !t.Known {
		return box.Draw(v.Pen, r.w, r.h, noTraffic(v, inner, rows))
	}
	graph := rows - 3
	body := []string{v.Bar(inner, nowChunks(v), nil)}
	body = append(body, rateGraph(v, inner, graph)...)
	body = append(body, latencyLine(v, inner), v.Bar(inner, statusChunks(v), nil))

	if v.snap.Balance != "" {
		box.Right = append(box.Right, draw.Of(2, v.Muted, "balance "+string(v.snap.Balance)))
	}
	if n := min(len(t.History), v.Samples(inner-axisWidth)); n > 1 {
		box.Right = append(box.Right, draw.Of(1, v.Muted, "last "+draw.Age(time.Duration(n)*time.Second)))
	}
	return box.Draw(v.Pen, r.w, r.h, body)
}

// notCounted says why there are no figures of workers that listen all the same.
const notCounted = "Unix sockets are not counted"

// overUnix says whether workers listen on a Unix socket.
func (v *view) overUnix() bool {
	return slices.ContainsFunc(v.snap.Addrs, func(addr string) bool { return strings.HasPrefix(addr, "unix:") })
}

// noTraffic says why there are no figures.
func noTraffic(v *view, width, rows int) []string {
	text := "the workers listen on no port"
	switch {
	case v.snap.Generation == 0 && isStale(v.snap):
		text = "no port is known before a first run; -p names one"
	case v.count(cluster.StateReady) == 0:
		text = "no port is open yet"
	case v.overUnix():
		text = notCounted
	}
	lines := draw.Blank(v.Pen, width, rows)
	if rows > 0 {
		text = draw.Cut(text, width, v.Ellipsis)
		lines[(rows-1)/2] = v.Line(width).Space((width-len(text))/2).Text(v.Muted, text).String()
	}
	return lines
}

// nowChunks are the figures of this second, and the errors so far.
func nowChunks(v *view) []draw.Chunk {
	t := v.snap.Traffic
	chunks := []draw.Chunk{
		{Spans: []draw.Span{{Style: v.Strong, Text: draw.Rate(t.Rate)}, v.muted(" req/s")}},
		v.figure(1, "in flight", tonePlain, draw.Count(t.InFlight)),
		v.heldChunk(2),
		v.errorChunk(1),
		v.figure(4, "conns", tonePlain, draw.Short(t.Conns)),
	}
	if t.Tunnels > 0 {
		chunks = append(chunks, v.figure(5, "tunnels", tonePlain, draw.Short(t.Tunnels)))
	}
	return chunks
}

// heldChunk warns while requests wait for a worker.
func (v *view) heldChunk(rank int) draw.Chunk {
	t := toneMuted
	if v.snap.Traffic.Held > 0 {
		t, rank = toneWarn, 1
	}
	return v.figure(rank, "held", t, draw.Count(v.snap.Traffic.Held))
}

// errorChunk counts the requests that went wrong, as the table does worker by
// worker. It warns while they rise.
func (v *view) errorChunk(rank int) draw.Chunk {
	t := v.snap.Traffic
	n := t.Failed
	how, text := tonePlain, draw.Short(n)
	switch {
	case n == 0:
		how = toneMuted
	case v.hot[totalSlot]:
		how = toneCrit
	}
	if n > 0 && t.Requests > 0 {
		text += " (" + draw.Share(n, t.Requests) + ")"
	}
	return v.figure(rank, "err", how, text)
}

// axisWidth is the width of the scale beside the graph.
const axisWidth = 6

// rateGraph is the history of requests a second, with its scale.
func rateGraph(v *view, width, rows int) []string {
	if rows <= 0 {
		return nil
	}
	history := v.snap.Traffic.History
	top := draw.Ceiling(history)
	graph := v.AreaGraph(max(0, width-axisWidth), rows, history, top)
	lines := make([]string, rows)
	for i := range rows {
		label := ""
		switch i {
		case 0:
			label = draw.Scale(top)
		case rows - 1:
			label = "0"
		}
		l := v.Line(width).Right(v.Muted, label, axisWidth-2).Space(1).Text(v.Border, v.Axis)
		lines[i] = l.Text(shade(v, i, rows), graph[i]).String()
	}
	return lines
}

func latencyLine(v *view, width int) string {
	l := v.snap.Traffic.Latency
	chunks := make([]draw.Chunk, 0, 5)
	for i, q := range []struct {
		name string
		d    time.Duration
	}{{"p50", l.P50}, {"p90", l.P90}, {"p99", l.P99}, {"p99.9", l.P999}, {"max", l.Max}} {
		chunks = append(chunks, v.figure([]int{1, 3, 1, 5, 4}[i], q.name, tonePlain, latency(v, l, q.d)))
	}
	return v.Bar(width, chunks, nil)
}

// latency returns one quantile of l, if anything is known.
func latency(v *view, l cluster.Latency, d time.Duration) string {
	if l.Count == 0 {
		return draw.Unknown
	}
	return v.Latency(d)
}

// statusChunks count the responses by class, and what the router did beyond
// passing them on.
func statusChunks(v *view) []draw.Chunk {
	t := v.snap.Traffic
	var chunks []draw.Chunk
	for class := 2; class <= 5; class++ {
		how := tonePlain
		if t.Status[class] == 0 {
			how = toneMuted
		}
		chunks = append(chunks, v.figure(class, fmt.Sprintf("%dxx", class), how, draw.Short(t.Status[class])))
	}
	if t.Replays > 0 {
		chunks = append(chunks, v.figure(6, "replayed", tonePlain, draw.Short(t.Replays)))
	}
	if t.Refused > 0 {
		chunks = append(chunks, v.figure(6, "refused", tonePlain, draw.Short(t.Refused)))
	}
	return chunks
}

// trafficStrip is the traffic in one line.
func trafficStrip(v *view, width int) string {
	t := v.snap.Traffic
	l := v.Line(width).Space(1).Left(v.Title, "req", stripLabelWidth)
	if inKernel(v.snap) {
		return l.Raw(v.Bar(max(0, l.Rest()-1), kernelChunks(v), nil), max(0, l.Rest()-1)).String()
	}
	switch {
	case t.Known:
	case v.overUnix():
		return l.Text(v.Muted, notCounted).String()
	default:
		return l.Text(v.Muted, "no port is open").String()
	}
	l.Right(v.Strong, draw.Rate(t.Rate)+"/s", stripFigureWidth).Space(1)
	l.Spark(v.Pen, stripGraphWidth(width), t.History, draw.Ceiling(t.History)).Space(1)
	tail := []draw.Chunk{
		v.errorChunk(1),
		v.figure(2, "p99", tonePlain, latency(v, t.Latency, t.Latency.P99)),
		v.figure(3, "in flight", tonePlain, draw.Short(t.InFlight)),
		v.heldChunk(5),
		v.figure(4, "p50", tonePlain, latency(v, t.Latency, t.Latency.P50)),
	}
	return l.Raw(v.Bar(max(0, l.Rest()-1), tail, nil), max(0, l.Rest()-1)).String()
}
