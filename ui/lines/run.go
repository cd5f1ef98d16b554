package lines

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"gcl-tui/cluster"
)

// bufferSize is how much is written at once in a flood, in bytes.
const bufferSize = 64 << 10

// Source is where the events come from; a *cluster.Subscription is one.
type Source interface {
	// Next waits for events. It ends with cluster.ErrStopped.
	Next(ctx context.Context) (cluster.Batch, error)
}

// Format is how an event becomes a line.
type Format string

// The formats.
const (
	Text Format = "text"
	JSON Format = "json"
)

// Options says how to print.
type Options struct {
	// Out gets the lines.
	Out io.Writer
	// Format defaults to Text.
	Format Format
	// Color lets colour codes through, those of the workers and our own; for a
	// terminal. JSON lines always hold what the worker wrote.
	Color bool
	// ASCII avoids characters outside ASCII in what is not the workers' own.
	ASCII bool
}

// Run prints events from the oldest kept on until the cluster has stopped and
// all of them are out; then it returns nil. It returns ctx.Err() if ctx ends
// first, and the writer's error if writing fails.
func Run(ctx context.Context, src Source, o Options) error {
	p := newPrinter(o)
	out := bufio.NewWriterSize(o.Out, bufferSize)
	var m missed
	for {
		batch, err := next(ctx, src, &m)
		switch {
		case errors.Is(err, cluster.ErrStopped):
			return finish(out, p, &m)
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			if err := finish(out, p, &m); err != nil {
				return fmt.Errorf("write events: %w", err)
			}
			continue
		case err != nil:
			return err
		}
		if err := printBatch(out, p, &m, batch); err != nil {
			return fmt.Errorf("write events: %w", err)
		}
	}
}

// printer turns one event into one line, line end included. The line is valid
// until the next call.
type printer interface {
	line(e cluster.Event) ([]byte, error)
}

func newPrinter(o Options) printer {
	if o.Format == JSON {
		return &jsonPrinter{}
	}
	return newTextPrinter(o)
}

func printBatch(out *bufio.Writer, p printer, m *missed, batch cluster.Batch) error {
	m.add(batch)
	if err := m.print(out, p, batch.Events[0].Time); err != nil {
		return err
	}
	for _, e := range batch.Events {
		if err := printEvent(out, p, e); err != nil {
			return err
		}
	}
	return out.Flush()
}

// next waits for events, or until it is time to say what was missed.
func next(ctx context.Context, src Source, m *missed) (cluster.Batch, error) {
	if m.text() == "" {
		return src.Next(ctx)
	}
	ctx, cancel := context.WithDeadline(ctx, m.due)
	defer cancel()
	return src.Next(ctx)
}

// finish says what was missed and not said yet.
func finish(out *bufio.Writer, p printer, m *missed) error {
	m.due = time.Time{}
	if err := m.print(out, p, time.Now()); err != nil {
		return err
	}
	return out.Flush()
}

func printEvent(out *bufio.Writer, p printer, e cluster.Event) error {
	line, err := p.line(e)
	if err != nil {
		return err
	}
	_, err = out.Write(line)
	return err
}

func warning(at time.Time, text string) cluster.Event {
	return cluster.Event{Time: at, Level: cluster.LevelWarn, Data: cluster.Warning{Text: text}}
}
