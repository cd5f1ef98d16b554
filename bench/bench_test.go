package main

import (
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
	tb := newTable([]peer{{ours, "a"}, {"other", "b"}, {"missing", ""}})
	for _, rates := range [][2]float64{{100, 50}, {10, 10}, {300, 100}} {
		tb.add(8, 0, result{rates[0], time.Millisecond})
		tb.add(8, 1, result{rates[1], 2 * time.Millisecond})
	}
	var out strings.Builder
	tb.print(&out)
	var got []string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Join(strings.Fields(line), " "))
	}
	want := []string{
		"connections peer requests/s spread gcl-tui ÷ peer p99",
		"8 gcl-tui 100 ±145% 1.00 1ms",
		"8 other 50 ±90% 2.00 2ms",
		"8 missing - - - -",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
