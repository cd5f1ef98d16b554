package ui

import (
	"slices"
	"strconv"

	"gcl-tui/cluster"
	"gcl-tui/theme"
	"gcl-tui/ui/internal/draw"
)

// column is a column of the table of workers.
type column struct {
	title string
	// rank orders what is left out first where there is too little room: the
	// highest. Rank 0 always stays.
	rank int
	// width is the least the column takes, without the space after it; most is
	// what it may grow to, or 0.
	width, most int
	left        bool // aligned left
	routed      bool // known only of requests that the master routes
	// counter: the column is as wide as its widest figure, which never shrinks.
	counter bool
	// text returns what the column says of a worker.
	text func(v *view, w cluster.Worker) (text string, how theme.Style)
	// spark returns values to draw instead of a text.
	spark func(w cluster.Worker) []float64
}

const (
	genTitle  = "GEN"
	connTitle = "CONN"
	// genRank is the rank of the generation while there are two.
	genRank = 3
	// connRank is the rank of the connections where nothing else is known of the
	// traffic, and unknownRank that of what is not known then.
	connRank    = 2
	unknownRank = 20
)

// columns returns the table's columns. While there are workers of two
// generations, the one that tells them apart goes last. Where the kernel balances,
// what it leaves unknown goes first.
func (v *view) columns() []column {
	mixed := slices.ContainsFunc(v.snap.Workers, func(w cluster.Worker) bool {
		return w.Generation != v.snap.Workers[0].Generation
	})
	out := slices.Clone(columns)
	for i := range out {
		c := &out[i]
		if c.counter {
			c.width = max(c.width, v.widest(*c))
		}
		switch {
		case c.title == genTitle && mixed:
			c.rank = genRank
		case !inKernel(v.snap):
		case c.title == connTitle:
			c.rank = connRank
		case c.routed:
			c.rank = unknownRank
		}
	}
	return out
}

// widest returns the width of the column's longest text.
func (v *view) widest(c column) int {
	n := 0
	for _, w := range v.snap.Workers {
		text, _ := c.text(v, w)
		n = max(n, draw.Width(text))
	}
	return n
}

// columns are the table's columns from left to right.
var columns = []column{
	{title: "ID", rank: 0, width: 4, left: true, text: func(v *view, w cluster.Worker) (string, theme.Style) {
		return slotName(w.Slot), v.Strong
	}},
	{title: "PID", rank: 8, width: 7, left: true, text: func(_ *view, w cluster.Worker) (string, theme.Style) {
		if w.PID == 0 {
			return draw.Unknown, draw.Plain
		}
		return strconv.Itoa(w.PID), draw.Plain
	}},
	{title: "STATE", rank: 0, width: 10, left: true, text: stateCell},
	{title: "CPU%", rank: 1, width: 5, text: func(_ *view, w cluster.Worker) (string, theme.Style) {
		return draw.Percent1(w.Usage.CPU), draw.Plain
	}},
	{title: "30s", rank: 9, width: 6, most: 15, left: true, spark: func(w cluster.Worker) []float64 {
		return w.Usage.CPUHistory
	}},
	{title: "RSS", rank: 6, width: 5, text: func(_ *view, w cluster.Worker) (string, theme.Style) {
		return draw.Bytes(w.Usage.RSS), draw.Plain
	}},
	{title: "CORE", rank: 12, width: 4, text: func(_ *view, w cluster.Worker) (string, theme.Style) {
		return draw.Count(w.Usage.Core), draw.Plain
	}},
	{title: "RPS", rank: 2, width: 6, routed: true, text: func(v *view, w cluster.Worker) (string, theme.Style) {
		if !v.snap.Traffic.Known {
			return draw.Unknown, draw.Plain
		}
		return draw.Rate(w.Traffic.Rate), draw.Plain
	}},
	{title: "P50", rank: 11, width: 6, routed: true, text: func(v *view, w cluster.Worker) (string, theme.Style) {
		return latency(v, w.Traffic.Latency, w.Traffic.Latency.P50), draw.Plain
	}},
	{title: "P99", rank: 4, width: 5, routed: true, text: func(v *view, w cluster.Worker) (string, theme.Style) {
		return latency(v, w.Traffic.Latency, w.Traffic.Latency.P99), draw.Plain
	}},
	{title: "ERR", rank: 3, width: 5, routed: true, text: func(v *view, w cluster.Worker) (string, theme.Style) {
		if v.hot[w.Slot] {
			return draw.Short(w.Traffic.Errors), v.Crit
		}
		return v.counter(w.Traffic.Errors)
	}},
	{title: connTitle, rank: 13, width: 5, text: func(v *view, w cluster.Worker) (string, theme.Style) {
		if w.Sockets != nil {
			return draw.Short(w.Sockets.Conns), draw.Plain
		}
		return v.counter(uint64(max(w.Traffic.Conns, 0)))
	}},
	{title: "RST", rank: 7, width: 4, counter: true, text: func(v *view, w cluster.Worker) (string, theme.Style) {
		if w.Restarts == 0 {
			return "0", v.Muted
		}
		return draw.Short(w.Restarts), draw.Plain
	}},
	{title: genTitle, rank: 14, width: 3, counter: true, text: func(_ *view, w cluster.Worker) (string, theme.Style) {
		return draw.Short(w.Generation), draw.Plain
	}},
	{title: "UP", rank: 5, width: 7, text: upCell},
	{title: "LAST EVENT", rank: 10, width: 14, most: 64, left: true, text: noteCell},
}

// counter returns a count that says nothing while it is 0.
func (v *view) counter(n uint64) (string, theme.Style) {
	switch {
	case !v.snap.Traffic.Known:
		return draw.Unknown, draw.Plain
	case n == 0:
		return "0", v.Muted
	}
	return draw.Short(n), draw.Plain
}

func stateCell(v *view, w cluster.Worker) (string, theme.Style) {
	s := v.stateText(w.State)
	if waits(w) {
		s = v.waitingText()
	}
	return s.Text, s.Style
}

// upCell is how long the worker has been up, or when its replacement comes.
func upCell(v *view, w cluster.Worker) (string, theme.Style) {
	switch {
	case w.State == cluster.StateBackoff && !w.RestartAt.IsZero():
		return "in " + draw.Countdown(w.RestartAt.Sub(v.now)), v.Warn
	case w.PID == 0 || w.Started.IsZero():
		return draw.Unknown, draw.Plain
	}
	return draw.Age(v.now.Sub(w.Started)), draw.Plain
}

// noteCell is the latest thing that happened to the worker.
func noteCell(v *view, w cluster.Worker) (string, theme.Style) {
	text := v.Clean(w.Note)
	if waits(w) && v.snap.Generation == 0 {
		text = "no program yet"
	}
	if n := w.Traffic.InFlight; w.State == cluster.StateDraining && n > 0 {
		text = amount(n, "request") + " in flight"
	}
	if t := lookOf(w.State).tone; t >= toneWarn {
		return text, t.style(v.Pen)
	}
	return text, v.Muted
}

// gap is the space between two columns.
const gap = 1

// shown is a column with the width it has got.
type shown struct {
	column
	got int
}

// fitColumns returns those of columns that fit into width cells. What is left over
// goes to those that may grow, the last one first. lastSlot is the highest there
// is.
func fitColumns(columns []column, width, lastSlot int) []shown {
	width -= max(0, len(slotName(lastSlot))-columns[0].width) // the ID column takes it
	chosen := make([]bool, len(columns))
	room := width
	for rank := 0; ; rank++ {
		more := false
		for i, c := range columns {
			if c.rank < rank {
				continue
			}
			more = true
			if c.rank == rank && (room >= c.width+gap || rank == 0) {
				chosen[i] = true
				room -= c.width + gap
			}
		}
		if !more {
			break
		}
	}
	var out []shown
	for i, c := range columns {
		if chosen[i] {
			out = append(out, shown{c, c.width})
		}
	}
	grow(out, room)
	out[0].got = max(out[0].got, len(slotName(lastSlot)))
	return out
}

// grow gives room to the columns that may grow: to the last one until it is
// twice as wide, then to the others, then to the last one again.
func grow(cols []shown, room int) {
	for _, share := range []int{2, 1000} {
		for i := len(cols) - 1; i >= 0 && room > 0; i-- {
			more := min(room, min(cols[i].most, cols[i].width*share)-cols[i].got)
			if more > 0 {
				cols[i].got += more
				room -= more
			}
		}
	}
}
