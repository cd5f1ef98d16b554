package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"
)

// settings are the command line.
type settings struct {
	conns  []int
	rounds int
	each   time.Duration
	only   []string
	closed bool // one connection per request, too
}

func main() {
	if len(os.Args) > 2 && runRole(os.Args[1], os.Args[2:]) {
		return
	}
	s, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, s); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string) (settings, error) {
	s := settings{}
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	conns := f.String("conns", "8,64,512,1000", "connections, one run for each")
	only := f.String("only", "", "peers to run, comma-separated (all)")
	f.IntVar(&s.rounds, "rounds", 5, "how often each run is repeated")
	f.DurationVar(&s.each, "for", 3*time.Second, "how long each run takes")
	f.BoolVar(&s.closed, "close", false, "measure with one connection per request, too")
	if err := f.Parse(args); err != nil {
		return s, err
	}
	for n := range strings.SplitSeq(*conns, ",") {
		count, err := strconv.Atoi(n)
		if err != nil || count < 1 {
			return s, fmt.Errorf("-conns %s: want numbers above 0", *conns)
		}
		s.conns = append(s.conns, count)
	}
	if *only != "" {
		s.only = strings.Split(*only, ",")
	}
	if s.rounds < 1 || s.each < time.Second {
		return s, errors.New("want at least one round of a second")
	}
	return s, checkNames(s.only)
}

// run starts everything, measures and prints. Nothing it has started is left
// when it returns.
func run(ctx context.Context, s settings) error {
	wrk, err := newLoad()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	var started group
	defer started.stop()
	set, err := startPeers(ctx, &started, dir, s.only)
	if err != nil {
		return err
	}
	m := measurement{settings: s, wrk: wrk, table: newTable(set), progress: progress()}
	for _, n := range s.conns {
		if err := m.measure(ctx, n); err != nil {
			return err
		}
	}
	fmt.Fprint(m.progress, clearLine)
	m.table.print(os.Stdout)
	return m.table.failures()
}
