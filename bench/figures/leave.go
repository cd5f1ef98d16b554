package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// measureLeave takes the time from when a client leaves a long poll until the
// worker feels it: from one that has just begun, and from one that has lasted.
func measureLeave(ctx context.Context, b *bench) error {
	h, _, err := b.startServing(ctx, 1)
	if err != nil {
		return err
	}
	defer h.stop()
	for _, poll := range []struct {
		name  string
		lasts time.Duration
	}{
		{"client leaves a long poll at once, until the worker feels it", 0},
		{"  after a second of waiting", time.Second},
	} {
		var s series
		for range b.runs {
			took, err := leave(ctx, h, poll.lasts)
			if err != nil {
				return err
			}
			s = append(s, took)
		}
		b.row(poll.name, s)
	}
	return nil
}

// leave begins a long poll and leaves after some time. The clock runs from
// before the connection is closed.
func leave(ctx context.Context, h *headless, lasts time.Duration) (time.Duration, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "tcp", h.addr)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET /wait HTTP/1.1\r\nHost: figures\r\n\r\n"); err != nil {
		return 0, err
	}
	if _, err := h.await(ctx, func(e event) bool { return strings.Contains(e.Line, waiting) }); err != nil {
		return 0, fmt.Errorf("the long poll: %w", err)
	}
	if err := pause(ctx, lasts); err != nil {
		return 0, err
	}
	left := time.Now()
	if err := c.Close(); err != nil {
		return 0, err
	}
	var felt time.Time
	_, err = h.await(ctx, func(e event) bool {
		var ok bool
		felt, ok = stamp(e.Line)
		return ok
	})
	return felt.Sub(left), err
}
