package lines

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
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
	for {
		batch, err := src.Next(ctx)
		if errors.Is(err, cluster.ErrStopped) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := printBatch(out, p, batch); err != nil {
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

func printBatch(out *bufio.Writer, p printer, batch cluster.Batch) error {
	if text := missed(batch); text != "" {
		first := batch.Events[0]
		if err := printEvent(out, p, warning(first.Time, text)); err != nil {
			return err
		}
	}
	for _, e := range batch.Events {
		if err := printEvent(out, p, e); err != nil {
			return err
		}
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

// missed says what left the ring before it could be printed, or nothing.
func missed(b cluster.Batch) string {
	var parts []string
	if b.MissedEvents > 0 {
		parts = append(parts, count(b.MissedEvents, "event", "events"))
	}
	if b.MissedLogs > 0 {
		parts = append(parts, count(b.MissedLogs, "log line", "log lines"))
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " and ") + " missed: they came faster than this output took them"
}
