package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/charmbracelet/x/term"
)

// clearLine goes to the start of a line and empties it.
const clearLine = "\r\x1b[K"

// measurement is what is being measured.
type measurement struct {
	settings

	wrk      load
	table    *table
	progress io.Writer // a terminal, or nothing
}

// progress is where a person sees what is being measured now.
func progress() io.Writer {
	if term.IsTerminal(os.Stderr.Fd()) {
		return os.Stderr
	}
	return io.Discard
}

// measure runs all rounds with some number of connections: first at full load,
// from which the half load follows.
func (m *measurement) measure(ctx context.Context, conns int) error {
	err := m.rounds(ctx, conns, "full load", func(p peer, c *cell) error {
		res, err := m.wrk.run(ctx, p.addr, conns, m.each)
		c.full = append(c.full, res)
		return err
	})
	if err != nil {
		return err
	}
	rate := m.table.halfLoad(conns)
	err = m.rounds(ctx, conns, "half load", func(p peer, c *cell) error {
		if !canPace || rate == 0 || c.rate() < rate {
			return nil
		}
		p99, err := paced(ctx, p.addr, conns, rate, m.each)
		c.half = append(c.half, p99)
		return err
	})
	if err != nil || !m.closed {
		return err
	}
	return m.rounds(ctx, conns, "one connection per request", func(p peer, c *cell) error {
		res, err := m.wrk.run(ctx, p.addr, conns, m.each, "-H", "Connection: close")
		c.closed = append(c.closed, res)
		return err
	})
}

// rounds runs one kind of load on all peers in turn, and again. Every second
// round goes the other way, lest one always runs in the shadow of another. A peer
// that fails is not run again with as many connections; the others are.
func (m *measurement) rounds(ctx context.Context, conns int, kind string, run func(peer, *cell) error) error {
	for round := range m.settings.rounds {
		order := m.table.installed()
		if round%2 == 1 {
			slices.Reverse(order)
		}
		for _, i := range order {
			p := m.table.peers[i]
			fmt.Fprintf(m.progress, "%s%d connections, %s, round %d of %d: %s", clearLine, conns, kind, round+1, m.settings.rounds, p.name)
			c := m.table.cell(conns, i)
			if c.failed != nil {
				continue
			}
			err := run(p, c)
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				*c = cell{failed: fmt.Errorf("%s with %d connections, %s: %w", p.name, conns, kind, err)}
			}
		}
	}
	return nil
}
