package ui

import "gcl-tui/cluster"

// cursor is the selected slot and how far the table is scrolled. While a slot's
// worker is being replaced it has two rows, and both are selected: keys act on
// the slot.
type cursor struct {
	slot int // 0 while there are no workers
	top  int // index of the first row shown
}

// slots returns the distinct slots of workers, which are sorted by slot.
func slots(workers []cluster.Worker) []int {
	out := make([]int, 0, len(workers))
	for _, w := range workers {
		if len(out) == 0 || out[len(out)-1] != w.Slot {
			out = append(out, w.Slot)
		}
	}
	return out
}

// keep moves the cursor to the nearest slot above if its own is gone.
func (c *cursor) keep(workers []cluster.Worker) { c.move(slots(workers), 0) }

// move moves the cursor by a number of slots, stopping at the ends.
func (c *cursor) move(slots []int, by int) {
	if len(slots) == 0 {
		*c = cursor{}
		return
	}
	at := 0
	for i, s := range slots {
		if s <= c.slot {
			at = i
		}
	}
	c.slot = slots[max(0, min(len(slots)-1, at+by))]
}

// scroll moves the first row so that the selected ones are among the visible
// rows, and nothing is left blank that could show a row.
func (c *cursor) scroll(workers []cluster.Worker, visible int) {
	first, last := -1, -1
	for i, w := range workers {
		if w.Slot == c.slot {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if last >= c.top+visible {
		c.top = last - visible + 1
	}
	if first >= 0 && first < c.top {
		c.top = first
	}
	c.top = max(0, min(c.top, len(workers)-visible))
}

// selected returns the worker that keys act on: the newest of the slot.
func selected(workers []cluster.Worker, slot int) (cluster.Worker, bool) {
	for i := len(workers) - 1; i >= 0; i-- {
		if workers[i].Slot == slot {
			return workers[i], true
		}
	}
	return cluster.Worker{}, false
}
