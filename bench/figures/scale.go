package main

import (
	"context"
	"fmt"
	"time"
)

// many is how many workers there are between which and one it is scaled.
const many = 64

// measureScale starts many workers, scales down to one and back up, a worker at
// a time, and counts descriptors and events.
func measureScale(ctx context.Context, b *bench) error {
	began := time.Now()
	h, err := b.startHeadless(many)
	if err != nil {
		return err
	}
	defer h.stop()
	for _, step := range []struct {
		name, event string
		signal      func(*headless) error
		n           int
	}{
		{fmt.Sprintf("start of %d workers, until all are ready", many), "worker_ready", nil, many},
		{"  down to 1, until the others have ended", "worker_exited", (*headless).fewer, many - 1},
		{"  back up, until all are ready", "worker_ready", (*headless).more, many - 1},
	} {
		if step.signal != nil {
			began = time.Now()
		}
		if err := h.step(ctx, step.event, step.n, step.signal); err != nil {
			return err
		}
		took := time.Since(began)
		// What ends with the last event may still be closing.
		if err := pause(ctx, time.Second); err != nil {
			return err
		}
		open, err := descriptors(h.cmd.Process.Pid)
		if err != nil {
			return err
		}
		b.fact(step.name, millis(took))
		b.fact("    descriptors of the master then", fmt.Sprint(open))
	}
	b.fact("  events: started, ready, exited, scaled, warnings", fmt.Sprint(
		h.seen["worker_started"], h.seen["worker_ready"], h.seen["worker_exited"], h.seen["scaled"], h.seen["warning"]))
	return nil
}

// step signals n times, each time when the one before has been heard, and
// awaits as many events of a name, which may come meanwhile.
func (h *headless) step(ctx context.Context, name string, n int, signal func(*headless) error) error {
	before := h.seen[name]
	if signal != nil {
		for range n {
			if err := signal(h); err != nil {
				return err
			}
			if _, err := h.count(ctx, "scaled", 1); err != nil {
				return err
			}
		}
	}
	if left := n - (h.seen[name] - before); left > 0 {
		_, err := h.count(ctx, name, left)
		return err
	}
	return nil
}
