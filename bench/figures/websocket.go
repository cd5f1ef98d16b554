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
	return b.inTurn(echoRounds,
		"WebSocket echo, directly, median round trip", func() (time.Duration, error) { return echoes(ctx, direct) },
		"through the router", func() (time.Duration, error) { return echoes(ctx, h.addr) })
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
