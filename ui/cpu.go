package ui

import (
	"math"
	"strconv"

	"gcl-tui/theme"
	"gcl-tui/ui/internal/draw"
)

// memoryWarn is the share of memory in use from which it is a warning.
const memoryWarn = 0.9

// cpuPane shows the machine: cores, their mean, memory, load.
func cpuPane(v *view, f form, r rect) []string {
	if f == formStrip {
		return []string{cpuStrip(v, r.w)}
	}
	m := v.snap.Machine
	inner, rows := r.w-draw.BoxEdge, r.h-draw.BoxRows
	cores := coreLines(v, inner, rows-2)
	body := append(cores, meanLines(v, inner, rows-len(cores)-1)...)
	body = append(body, memoryLine(v, inner))

	right := []draw.Chunk{draw.Of(1, v.Muted, amount(len(m.Cores), "core"))}
	if m.Quota > 0 {
		right = append(right, v.figure(0, "quota", tonePlain, quota(m.Quota)))
	}
	return draw.Box{Title: "cpu", Right: right}.Draw(v.Pen, r.w, r.h, body)
}

// apart is how many rows a mean needs more of to leave one free: its graph and
// those of the cores above would run into each other.
const apart = 3

// meanLines shows the mean over the cores, with its history as high as there
// is room.
func meanLines(v *view, width, rows int) []string {
	if rows <= 0 {
		return nil
	}
	const head = coreLabelWidth + 1 + 10 + 5 + 1
	lines := make([]string, 0, rows)
	if rows > apart {
		lines = append(lines, v.Line(width).String())
		rows--
	}
	graph := v.AreaGraph(max(0, width-head), rows, v.snap.Machine.CPUHistory, 100)
	for i := range rows {
		l := v.Line(width)
		if i == rows-1 {
			l.Right(v.Muted, "all", coreLabelWidth).Space(1)
			l.Meter(v.Pen, v.Accent, 10, v.snap.Machine.CPU, 100)
			l.Right(v.Strong, draw.Percent(v.snap.Machine.CPU), 5)
		}
		lines = append(lines, l.To(head).Text(shade(v, i, rows), graph[i]).String())
	}
	return lines
}

// shade returns the colour of a graph's row; row 0 is the highest.
func shade(v *view, row, rows int) theme.Style {
	if rows == 1 {
		return v.Graph[len(v.Graph)-2]
	}
	return v.Shade(float64(rows-1-row) / float64(rows-1))
}

func memoryLine(v *view, width int) string {
	m := v.snap.Machine
	used, total := float64(m.MemUsed), float64(m.MemTotal)
	t := tonePlain
	if total > 0 && used/total > memoryWarn {
		t = toneWarn
	}
	l := v.Line(width).Right(v.Muted, "mem", coreLabelWidth).Space(1)
	meter := v.Accent
	if t == toneWarn {
		meter = v.Warn
	}
	l.Meter(v.Pen, meter, 10, used, total)
	share := draw.Unknown
	if used >= 0 && total > 0 {
		share = draw.Percent(used / total * 100)
	}
	l.Right(t.style(v.Pen), share, 5).Space(1)
	l.Raw(v.Bar(l.Rest(), []draw.Chunk{
		draw.Of(0, draw.Plain, memory(m.MemUsed, m.MemTotal)),
		v.figure(1, "load", tonePlain, loads(m.Load1, m.Load5, m.Load15)),
	}, nil), l.Rest())
	return l.String()
}

// cpuStrip is the machine in one line.
func cpuStrip(v *view, width int) string {
	m := v.snap.Machine
	l := v.Line(width).Space(1).Left(v.Title, "cpu", stripLabelWidth)
	l.Right(v.Strong, draw.Percent(m.CPU), stripFigureWidth).Space(1)
	tail := []draw.Chunk{v.figure(1, "mem", tonePlain, memory(m.MemUsed, m.MemTotal))}
	if m.Quota > 0 {
		tail = append(tail, v.figure(2, "quota", tonePlain, quota(m.Quota)))
	}
	tail = append(tail, v.figure(3, "load", tonePlain, loads(m.Load1, m.Load5, m.Load15)))
	l.Spark(v.Pen, stripGraphWidth(width), m.CPUHistory, 100).Space(1)
	if n := len(m.Cores); n <= stripCores(width) {
		for _, c := range m.Cores {
			l.Text(v.Shade(c.CPU/100), v.Level(c.CPU, 100))
		}
		l.Space(2)
	}
	return l.Raw(v.Bar(max(0, l.Rest()-1), tail, nil), max(0, l.Rest()-1)).String()
}

// Columns of the strips, which stand one above the other.
const (
	stripLabelWidth  = 4
	stripFigureWidth = 8
)

// stripGraphWidth is the width of the history in a strip.
func stripGraphWidth(width int) int { return between(width/8, 6, 30) }

// stripCores is how many cores a strip shows one by one.
func stripCores(width int) int { return width / 5 }

func memory(used, total int64) string {
	if total <= 0 {
		return draw.Bytes(used)
	}
	return draw.Bytes(used) + "/" + draw.Bytes(total)
}

func loads(one, five, fifteen float64) string {
	return load(one) + " " + load(five) + " " + load(fifteen)
}

func load(v float64) string {
	if v < 0 {
		return draw.Unknown
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// quota returns a number of cores, at most two digits of its fraction.
func quota(cores float64) string {
	return strconv.FormatFloat(math.Round(cores*100)/100, 'f', -1, 64)
}
