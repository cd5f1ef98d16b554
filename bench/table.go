package main

import (
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
	cells map[int][][]result
}

func newTable(peers []peer) *table {
	return &table{peers: peers, cells: make(map[int][][]result)}
}

func (t *table) add(conns, peer int, r result) {
	if t.cells[conns] == nil {
		t.conns = append(t.conns, conns)
		t.cells[conns] = make([][]result, len(t.peers))
	}
	t.cells[conns][peer] = append(t.cells[conns][peer], r)
}

// print writes, for each number of connections, the median rate of each peer,
// how far its runs spread, how many times as fast gcl-tui is, and the median of
// the 99th percentiles of the response time under full load.
//
// The ratio is the median of the ratios within each round: what slows the whole
// machine down for a while slows both.
func (t *table) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "connections\tpeer\trequests/s\tspread\tgcl-tui ÷ peer\tp99\t")
	for _, n := range t.conns {
		base := t.runs(n, ours)
		for i, p := range t.peers {
			runs := t.cells[n][i]
			if len(runs) == 0 {
				fmt.Fprintf(tw, "%d\t%s\t-\t-\t-\t-\t\n", n, p.name)
				continue
			}
			rates, p99s := sorted(runs)
			rate := median(rates)
			ratio := "-"
			if base != nil {
				ratio = fmt.Sprintf("%.2f", medianRatio(base, runs))
			}
			fmt.Fprintf(tw, "%d\t%s\t%.0f\t±%.0f%%\t%s\t%v\t\n", n, p.name, rate,
				50*(rates[len(rates)-1]-rates[0])/rate, ratio, median(p99s).Round(10*time.Microsecond))
		}
	}
	_ = tw.Flush()
}

// runs returns the results of the peer of some name, by round, or nil.
func (t *table) runs(conns int, name string) []result {
	for i, p := range t.peers {
		if p.name == name {
			return t.cells[conns][i]
		}
	}
	return nil
}

// medianRatio returns the median of a's rate over b's within each round.
func medianRatio(a, b []result) float64 {
	var ratios []float64
	for i := range a {
		ratios = append(ratios, a[i].rate/b[i].rate)
	}
	slices.Sort(ratios)
	return median(ratios)
}

// sorted returns the rates and the percentiles of runs, each in order.
func sorted(runs []result) ([]float64, []time.Duration) {
	var rates []float64
	var p99s []time.Duration
	for _, r := range runs {
		rates, p99s = append(rates, r.rate), append(p99s, r.p99)
	}
	slices.Sort(rates)
	slices.Sort(p99s)
	return rates, p99s
}

func median[T float64 | time.Duration](sorted []T) T {
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}
