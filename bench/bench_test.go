package main

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

const wrkOutput = `Running 1s test @ http://127.0.0.1:8080/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     2.50ms    1.04ms  17.12ms   77.13%
    Req/Sec    25.88k     2.01k   29.71k    70.00%
  Latency Distribution
     50%    2.38ms
     75%    2.99ms
     90%    3.71ms
     99%  850.50us
  25785 requests in 1.00s, 3.20MB read
Requests/sec:  25723.41
Transfer/sec:      3.19MB
`

func TestParseResult(t *testing.T) {
	got, err := parseResult([]byte(wrkOutput))
	if want := (result{25723.41, 850500 * time.Nanosecond}); err != nil || got != want {
		t.Errorf("got %v (%v), want %v", got, err, want)
	}
	for _, fail := range []string{"  Socket errors: connect 0, read 3, write 0, timeout 0\n", "  Non-2xx or 3xx responses: 7\n", ""} {
		out := strings.Replace(wrkOutput, "Requests/sec", fail+"Requests/sec", 1)
		if fail == "" {
			out = "wrk: error"
		}
		if got, err := parseResult([]byte(out)); err == nil {
			t.Errorf("with %q: got %v, want an error", fail, got)
		}
	}
}

func TestTable(t *testing.T) {
	tb := newTable([]peer{{ours, "a", ""}, {"nginx", "b", ours}, {"missing", "", ours}})
	for _, rates := range [][2]float64{{100, 50}, {10, 10}, {300, 100}} {
		mine, other := tb.cell(8, 0), tb.cell(8, 1)
		mine.full = append(mine.full, result{rates[0], time.Millisecond})
		mine.half = append(mine.half, time.Duration(rates[0])*time.Millisecond)
		other.full = append(other.full, result{rates[1], 2 * time.Millisecond})
	}
	compare(t, tb, "connections peer requests/s spread gcl-tui ÷ peer p99 p99 at half load",
		"8 gcl-tui 100 ±145% - 1.00ms 100.00ms",
		"8 nginx 50 ±90% 2.00 2.00ms -",
		"8 missing - - - - -",
		"half load over 8 connections: 25 requests/s")
	tb.cell(8, 0).closed = []result{{60, 0}}
	tb.cell(8, 1).closed = []result{{40, 0}}
	compare(t, tb, "connections peer requests/s spread gcl-tui ÷ peer p99 p99 at half load closed each time spread gcl-tui ÷ peer",
		"8 gcl-tui 100 ±145% - 1.00ms 100.00ms 60 ±0% -",
		"8 nginx 50 ±90% 2.00 2.00ms - 40 ±0% 1.50",
		"8 missing - - - - - - - -",
		"half load over 8 connections: 25 requests/s")
}

// compare wants these lines, whatever the space in them.
func compare(t *testing.T, tb *table, want ...string) {
	t.Helper()
	var out strings.Builder
	tb.print(&out)
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPercentile99(t *testing.T) {
	var all []time.Duration
	for i := range 200 {
		all = append(all, time.Duration(200-i))
	}
	if got := percentile99(all); got != 198 {
		t.Errorf("of 1 to 200: %d", got)
	}
	if got := percentile99([]time.Duration{7}); got != 7 {
		t.Errorf("of 7: %d", got)
	}
}

func TestSchedule(t *testing.T) {
	s := schedule{step: 10, n: 3}
	for at, want := range map[time.Duration]int{0: 1, 9: 1, 10: 2, 20: 3, 1000: 3} {
		if got := s.until(at); got != want {
			t.Errorf("at %d %d requests are due, want %d", at, got, want)
		}
	}
}

// TestFailingPeer has the others measured, and the reason told.
func TestFailingPeer(t *testing.T) {
	m := measurement{settings: settings{rounds: 3}, progress: io.Discard, table: newTable([]peer{{ours, "a", ""}, {"nginx", "b", ours}})}
	runs := 0
	err := m.rounds(t.Context(), 8, "full load", func(p peer, c *cell) error {
		if p.name == "nginx" {
			if runs++; runs == 2 {
				return errors.New("no answer")
			}
		}
		c.full = append(c.full, result{100, time.Millisecond})
		return nil
	})
	if err != nil || runs != 2 {
		t.Errorf("%d runs of a peer that fails in the second, %v", runs, err)
	}
	compare(t, m.table, "connections peer requests/s spread gcl-tui ÷ peer p99 p99 at half load",
		"8 gcl-tui 100 ±0% - 1.00ms -",
		"8 nginx - - - - -",
		"half load over 8 connections: 50 requests/s")
	if err := m.table.failures(); err == nil || err.Error() != "nginx with 8 connections, full load: no answer" {
		t.Errorf("told %v", err)
	}
}
