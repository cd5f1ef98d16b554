package ui

import (
	"fmt"
	"slices"
	"strings"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// How cores are shown, by their number: a meter each, a number and a bar of one
// cell each, or a strip of bars.
const (
	maxMeters = 16
	maxCells  = 64

	meterMinWidth = 22 // of a core's meter with its history
	cellWidth     = 5  // of a core's number and bar, with the space after it
	oneColumn     = 4  // up to this many cores stand one below the other
)

// coreRows returns how many rows the cores take in a pane of that inner width,
// if there is room.
func coreRows(cores, width int) int {
	switch {
	case cores <= oneColumn:
		return cores
	case cores <= maxMeters:
		return ceilDiv(cores, between(width/meterMinWidth, 1, 2))
	case cores <= maxCells:
		return ceilDiv(cores, max(1, width/cellWidth))
	}
	return stripRows(cores, width)
}

// stripRows counts the rows of a strip and the line of figures below it.
func stripRows(cores, width int) int { return ceilDiv(cores, max(1, width)) + 1 }

// coreLines returns the cores in at most rows lines, in the richest form that
// fits.
func coreLines(v *view, width, rows int) []string {
	cores := v.snap.Machine.Cores
	n := len(cores)
	columns := between(width/meterMinWidth, 1, 4)
	for c := 1; c <= columns && n <= maxMeters; c++ {
		if ceilDiv(n, c) <= rows && (c > 1 || n <= oneColumn || rows >= n) {
			return meterLines(v, width, c)
		}
	}
	if n <= maxCells && ceilDiv(n, max(1, width/cellWidth)) <= rows {
		return cellLines(v, width)
	}
	return stripLines(v, width, rows)
}

// meterLines shows the cores in columns, filled from top to bottom.
func meterLines(v *view, width, columns int) []string {
	const gap = 2
	cores := v.snap.Machine.Cores
	rows := ceilDiv(len(cores), columns)
	columnWidth := (width - (columns-1)*gap) / columns
	byCore := workersByCore(v.snap.Workers)
	lines := make([]string, rows)
	for i := range rows {
		l := v.Line(width)
		for c := range columns {
			if at := c*rows + i; at < len(cores) {
				l.To(c * (columnWidth + gap))
				l.Raw(meterLine(v, columnWidth, cores[at], byCore[cores[at].ID]), columnWidth)
			}
		}
		lines[i] = l.String()
	}
	return lines
}

// meterLine is one core: its number, load, history, and who runs there.
func meterLine(v *view, width int, c cluster.Core, workers []int) string {
	l := v.Line(width).Right(v.Muted, draw.Count(c.ID), coreLabelWidth).Space(1)
	gauge(v, l, c.CPU)
	names := between(width/5, 4, 14)
	l.Space(1).Spark(v.Pen, max(0, l.Rest()-names-1), c.CPUHistory, 100)
	return l.Space(1).Text(v.Muted, fitNames(workers, l.Rest())).String()
}

// coreLabelWidth is the width of what a meter is of.
const coreLabelWidth = 3

// gauge appends a meter and the figure, as wide as the line allows.
func gauge(v *view, l *draw.Line, percent float64) {
	meter := 10
	switch {
	case l.Rest() < 20:
		meter = 4
	case l.Rest() < 34:
		meter = 6
	}
	l.Meter(v.Pen, v.Accent, meter, percent, 100).Right(draw.Plain, draw.Percent(percent), 5)
}

// cellLines shows a number and a bar for each core, filled row by row.
func cellLines(v *view, width int) []string {
	cores := v.snap.Machine.Cores
	perRow := max(1, width/cellWidth)
	var lines []string
	for at := 0; at < len(cores); at += perRow {
		l := v.Line(width)
		for _, c := range cores[at:min(at+perRow, len(cores))] {
			l.Right(v.Muted, draw.Count(c.ID), cellWidth-2)
			l.Text(v.Shade(c.CPU/100), v.Level(c.CPU, 100)).Space(1)
		}
		lines = append(lines, l.String())
	}
	return lines
}

// stripLines shows a bar of one cell for each core, and the range they span.
// Where there are more cores than cells, a cell shows the highest of several.
func stripLines(v *view, width, rows int) []string {
	cores := v.snap.Machine.Cores
	if len(cores) == 0 || width <= 0 || rows <= 0 {
		return nil
	}
	stripRows := max(1, rows-1)
	each := ceilDiv(len(cores), width*stripRows)
	cells := ceilDiv(len(cores), each)
	var lines []string
	for at := 0; at < cells; at += width {
		l := v.Line(width)
		for i := at; i < min(at+width, cells); i++ {
			load := peak(cores[i*each : min((i+1)*each, len(cores))])
			l.Text(v.Shade(load/100), v.Level(load, 100))
		}
		lines = append(lines, l.String())
	}
	if rows > 1 {
		lines = append(lines, rangeLine(v, width, each))
	}
	return lines
}

func peak(cores []cluster.Core) float64 {
	top := -1.0
	for _, c := range cores {
		top = max(top, c.CPU)
	}
	return top
}

// rangeLine names the least, the mean and the most loaded core.
func rangeLine(v *view, width, each int) string {
	cores := v.snap.Machine.Cores
	byLoad := func(a, b cluster.Core) int { return int(a.CPU*100) - int(b.CPU*100) }
	low, high := slices.MinFunc(cores, byLoad), slices.MaxFunc(cores, byLoad)
	chunks := []draw.Chunk{
		v.figure(1, "min", tonePlain, draw.Percent(low.CPU)),
		v.figure(2, "mean", tonePlain, draw.Percent(v.snap.Machine.CPU)),
		v.figure(1, "max", tonePlain, fmt.Sprintf("%s (core %d)", draw.Percent(high.CPU), high.ID)),
	}
	if each > 1 {
		chunks = append(chunks, draw.Of(3, v.Muted, fmt.Sprintf("a cell is the highest of %d", each)))
	}
	return v.Bar(width, chunks, nil)
}

// workersByCore returns the slots of the running workers by the core that each
// last ran on.
func workersByCore(workers []cluster.Worker) map[int][]int {
	out := map[int][]int{}
	for _, w := range workers {
		at := out[w.Usage.Core]
		if w.PID != 0 && w.Usage.Core >= 0 && !slices.Contains(at, w.Slot) {
			out[w.Usage.Core] = append(at, w.Slot)
		}
	}
	return out
}

// fitNames returns the names of slots, and how many more there are if not all fit.
func fitNames(slots []int, width int) string {
	var names []string
	for _, s := range slots {
		names = append(names, slotName(s))
	}
	for n := len(names); n > 0; n-- {
		text := strings.Join(names[:n], " ")
		if n < len(names) {
			text += fmt.Sprintf(" +%d", len(names)-n)
		}
		if len(text) <= width {
			return text
		}
	}
	return ""
}

func ceilDiv(n, by int) int { return (n + by - 1) / by }
