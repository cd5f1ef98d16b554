package main

import (
	"context"
	"fmt"
	"time"
)

// settle is how long the start may go on to cost something.
const settle = 5 * time.Second

// measureIdle takes what the master alone costs with four idle workers on the
// screen. One second of its CPU time is 100 % of a core.
func measureIdle(ctx context.Context, b *bench) error {
	s, err := b.startScreen(4, true)
	if err != nil {
		return err
	}
	defer s.stop()
	if _, err := wait(ctx, s, s.ready); err != nil {
		return err
	}
	pid := s.cmd.Process.Pid
	if err := pause(ctx, settle); err != nil {
		return err
	}
	before, err := cpuTime(pid)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := pause(ctx, b.idle); err != nil {
		return err
	}
	after, err := cpuTime(pid)
	if err != nil {
		return err
	}
	elapsed := time.Since(began)
	m, err := memoryOf(pid)
	if err != nil {
		return err
	}
	b.fact("idle with 4 workers on the screen, CPU of a core", fmt.Sprintf("%.2f %%", 100*(after-before).Seconds()/elapsed.Seconds()))
	b.fact("  memory (RSS)", mebibytes(m.resident))
	b.fact("  of which its own pages", mebibytes(m.anonymous))
	b.fact("  of which the executable and other files", mebibytes(m.file))
	return nil
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
