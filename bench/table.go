package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// table holds the results by number of connections and by peer.
type table struct {
	peers []peer
	conns []int // in the order they came
	cells map[int][]cell
}

// cell is the runs of one peer with one number of connections, by round.
type cell struct {
	full, closed []result
	half         []time.Duration // 99th percentiles
	failed       error           // why there is nothing of all that
}

func newTable(peers []peer) *table {
	return &table{peers: peers, cells: make(map[int][]cell)}
}

// installed returns the indexes of the peers that there are here.
func (t *table) installed() (all []int) {
	for i, p := range t.peers {
		if p.addr != "" {
			all = append(all, i)
		}
	}
	return all
}

// cell returns where the results of a peer go.
func (t *table) cell(conns, peer int) *cell {
	if t.cells[conns] == nil {
		t.conns = append(t.conns, conns)
		t.cells[conns] = make([]cell, len(t.peers))
	}
	return &t.cells[conns][peer]
}

// rate returns the median rate at full load, or 0.
func (c *cell) rate() float64 { return median(rates(c.full)) }

// halfLoad returns half of what the better of the peers that set the measure
// carries, or of what gcl-tui does where neither is installed, or any.
func (t *table) halfLoad(conns int) float64 {
	for _, measures := range [][]string{{"nginx", "haproxy"}, {ours}} {
		var best float64
		for _, name := range measures {
			if c := t.find(conns, name); c != nil {
				best = max(best, c.rate())
			}
		}
		if best > 0 {
			return best / 2
		}
	}
	return t.cell(conns, t.installed()[0]).rate() / 2
}

// find returns the results of the peer of some name, or nil.
func (t *table) find(conns int, name string) *cell {
	for i, p := range t.peers {
		if p.name == name {
			return t.cell(conns, i)
		}
	}
	return nil
}

// print writes, for each number of connections, the median rate of each peer,
// how far its runs spread, how many times as fast gcl-tui is, and the medians of
// the 99th percentiles of the response time under full and half load; then the
// rates and ratios with one connection per request, if they were measured.
//
// The ratio is the median of the ratios within each round: what slows the whole
// machine down for a while slows both.
func (t *table) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(tw, "connections\tpeer\trequests/s\tspread\tgcl-tui ÷ peer\tp99\tp99 at half load\t")
	closed := t.anyClosed()
	if closed {
		fmt.Fprint(tw, "closed each time\tspread\tgcl-tui ÷ peer\t")
	}
	fmt.Fprintln(tw)
	for _, n := range t.conns {
		for i, p := range t.peers {
			c := t.cell(n, i)
			base := t.find(n, p.rival)
			if base == nil {
				base = &cell{}
			}
			fmt.Fprintf(tw, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t", n, p.name, rateText(c.full), spread(c.full),
				ratio(base.full, c.full), millis(p99s(c.full)), millis(c.half))
			if closed {
				fmt.Fprintf(tw, "%s\t%s\t%s\t", rateText(c.closed), spread(c.closed), ratio(base.closed, c.closed))
			}
			fmt.Fprintln(tw)
		}
	}
	_ = tw.Flush()
	for _, n := range t.conns {
		fmt.Fprintf(w, "half load over %d connections: %.0f requests/s\n", n, t.halfLoad(n))
	}
}

// failures returns why peers were not measured to the end, nil if all were.
func (t *table) failures() error {
	var all []error
	for _, n := range t.conns {
		for _, c := range t.cells[n] {
			all = append(all, c.failed)
		}
	}
	return errors.Join(all...)
}

func (t *table) anyClosed() bool {
	for _, cells := range t.cells {
		if slices.ContainsFunc(cells, func(c cell) bool { return c.closed != nil }) {
			return true
		}
	}
	return false
}
