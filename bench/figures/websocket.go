package main

import (
	"context"
	"fmt"
	"time"

	"github.com/coder/websocket"
)

const (
	echoRounds  = 10
	echoesEach  = 2000
	echoMessage = "a message of 32 bytes, no more.."
)

// measureWebSocket takes the round trip of an echo over a WebSocket through the
// router and with the same worker directly, in turn.
func measureWebSocket(ctx context.Context, b *bench) error {
	h, direct, err := b.startServing(ctx, 1)
	if err != nil {
		return err
	}
	defer h.stop()
	var bare, routed, added []float64
	for range echoRounds {
		d, err := echoes(ctx, direct)
		if err != nil {
			return fmt.Errorf("directly: %w", err)
		}
		r, err := echoes(ctx, h.addr)
		if err != nil {
			return fmt.Errorf("through the router: %w", err)
		}
		bare, routed, added = append(bare, micros(d)), append(routed, micros(r)), append(added, micros(r-d))
	}
	b.numbers("WebSocket echo, directly, median round trip", "%.1f µs", bare)
	b.numbers("  through the router", "%.1f µs", routed)
	b.numbers("  added", "%.1f µs", added)
	return nil
}

// echoes returns the median of some round trips on one connection.
func echoes(ctx context.Context, addr string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	c, resp, err := websocket.Dial(ctx, "ws://"+addr+"/echo", nil)
	if err != nil {
		return 0, err
	}
	if resp.Body != nil {
		defer resp.Body.Close()
	}
	defer func() { _ = c.CloseNow() }()
	var trips series
	for range echoesEach {
		began := time.Now()
		if err := c.Write(ctx, websocket.MessageBinary, []byte(echoMessage)); err != nil {
			return 0, err
		}
		_, got, err := c.Read(ctx)
		if err != nil {
			return 0, err
		}
		trips = append(trips, time.Since(began))
		if string(got) != echoMessage {
			return 0, fmt.Errorf("it echoes %q", got)
		}
	}
	return trips.median(), nil
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
