package ui

import (
	"fmt"
	"strings"

	"gcl-tui/cluster"
	"gcl-tui/ui/internal/draw"
)

// gutterWidth is what stands before each row: the mark of the selected one.
const gutterWidth = 2

// withoutAdoption begins cluster.Snapshot.Adoption where workers have to be told
// their port; the reason follows, and the user should see it.
const withoutAdoption = "env"

// workersPane is the table of workers.
func workersPane(v *view, f form, r rect) []string {
	if f != formBox {
		return v.pad(workerTable(v, r.w, r.h), r.w, r.h)
	}
	rows := r.h - draw.BoxRows
	body := workerTable(v, r.w-draw.BoxEdge, rows)
	box := draw.Box{Title: "workers", Note: rollChunks(v), Right: tableChunks(v, rows-tableHeadRows)}
	return box.Draw(v.Pen, r.w, r.h, body)
}

// rollChunks shows how far a replacement of all workers has come.
func rollChunks(v *view) []draw.Chunk {
	if !v.rolling.on {
		return nil
	}
	text := v.Cycle + " " + v.rolling.title(v.Arrow)
	if v.rolling.of == 0 {
		return []draw.Chunk{draw.Of(1, v.Accent, text)}
	}
	done, of := v.rolling.done, v.rolling.of
	const meter = 16
	full := done * meter / of
	bar := v.Line(meter).Repeat(v.Accent, v.Full, full).Repeat(v.Border, v.Empty, meter-full).String()
	return []draw.Chunk{
		draw.Of(1, v.Accent, text),
		draw.Of(2, draw.Plain, bar),
		draw.Of(1, v.Accent, fmt.Sprintf("%d of %d new", done, of)),
	}
}

// tableChunks tells how many workers there are, and which rows are in view.
func tableChunks(v *view, visible int) []draw.Chunk {
	n := len(v.snap.Workers)
	var chunks []draw.Chunk
	if strings.HasPrefix(v.snap.Adoption, withoutAdoption) {
		chunks = append(chunks, draw.Of(3, v.Muted, "adoption "+v.Clean(v.snap.Adoption)))
	}
	chunks = append(chunks, draw.Of(2, v.Muted, fmt.Sprintf("%d of %d ready", v.ready(), v.snap.Want)))
	if n > visible && visible > 0 {
		rows := fmt.Sprintf("rows %d%s%d of %d", v.top+1, v.Dash, min(v.top+visible, n), n)
		chunks = append(chunks, draw.Of(1, v.Muted, rows))
	}
	return chunks
}

// workerTable returns the head of the table and as many rows as fit.
func workerTable(v *view, width, height int) []string {
	if height <= 0 {
		return nil
	}
	cols := fitColumns(v.columns(), width-gutterWidth, v.lastSlot())
	lines := []string{tableHead(v, width, cols)}
	for i := v.top; i < len(v.snap.Workers) && len(lines) < height; i++ {
		lines = append(lines, workerRow(v, width, cols, v.snap.Workers[i]))
	}
	return lines
}

// lastSlot returns the highest slot: workers are sorted by it.
func (v *view) lastSlot() int {
	if n := len(v.snap.Workers); n > 0 {
		return v.snap.Workers[n-1].Slot
	}
	return 0
}

func tableHead(v *view, width int, cols []shown) string {
	l := v.Line(width).Space(gutterWidth)
	for _, c := range cols {
		if c.left {
			l.Left(v.Muted, c.title, c.got)
		} else {
			l.Right(v.Muted, c.title, c.got)
		}
		l.Space(gap)
	}
	return l.String()
}

// workerRow draws one worker. The selected row has a gutter besides its
// background, for those who see no colours.
func workerRow(v *view, width int, cols []shown, w cluster.Worker) string {
	l := v.Line(width)
	picked := w.Slot == v.slot
	if picked {
		l.Text(v.Accent, v.Gutter).Space(gutterWidth - 1)
	} else {
		l.Space(gutterWidth)
	}
	for _, c := range cols {
		v.cell(l, c, w)
		l.Space(gap)
	}
	if picked {
		return v.Selected.Render(l.String())
	}
	return l.String()
}

// outdated says whether a worker is of a generation that serves no more.
func (v *view) outdated(w cluster.Worker) bool {
	return w.Generation != v.snap.Generation && w.Generation != v.snap.Target
}

func (v *view) cell(l *draw.Line, c shown, w cluster.Worker) {
	if c.spark != nil {
		l.Spark(v.Pen, c.got, c.spark(w), 100)
		return
	}
	text, how := c.text(v, w)
	switch {
	case text == draw.Unknown, v.outdated(w):
		how = v.Muted
	case lookOf(w.State).leaving && how == draw.Plain:
		how = v.Muted
	}
	if c.left {
		l.Left(how, text, c.got)
	} else {
		l.Right(how, text, c.got)
	}
}
