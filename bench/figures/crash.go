package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// crashWorkers is how many workers are killed of each cluster: each but once,
// for the first restart comes at once and the next ones only after a delay.
const crashWorkers = 4

// crashes is what is measured of replacements.
type crashes struct{ bare, replaced, noticed, started, ready series }

// measureCrash compares how long a worker takes to listen after the kill of its
// predecessor with how long it takes when started by hand, in turn.
func measureCrash(ctx context.Context, b *bench) error {
	var c crashes
	for len(c.replaced) < b.runs {
		if err := c.cluster(ctx, b); err != nil {
			return err
		}
	}
	b.row("program started by hand, until it listens", c.bare)
	b.row("kill -9, until the replacement listens", c.replaced)
	b.fact("  above its own start-up", millis(c.replaced.median()-c.bare.median()))
	b.row("  kill -9, until the exit is noticed", c.noticed)
	b.row("  then until the replacement is started", c.started)
	b.row("  then until it counts as ready", c.ready)
	return nil
}

// cluster starts one and kills each of its workers.
func (c *crashes) cluster(ctx context.Context, b *bench) error {
	h, err := b.startHeadless(crashWorkers)
	if err != nil {
		return err
	}
	defer h.stop()
	pids := map[int]int{}
	for len(pids) < crashWorkers {
		e, err := h.count(ctx, "worker_ready", 1)
		if err != nil {
			return err
		}
		pids[e.Worker] = e.PID
	}
	for slot, pid := range pids {
		if err := c.kill(ctx, h, slot, pid); err != nil {
			return fmt.Errorf("kill w%d: %w", slot, err)
		}
		took, err := bareStart(b.worker)
		if err != nil {
			return fmt.Errorf("start a worker by hand: %w", err)
		}
		c.bare = append(c.bare, took)
	}
	return nil
}

// kill kills a worker and follows what happens until there is another.
func (c *crashes) kill(ctx context.Context, h *headless, slot, pid int) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	killed := time.Now()
	if err := p.Kill(); err != nil {
		return err
	}
	at := map[string]time.Time{}
	for at["worker_ready"].IsZero() || at["log"].IsZero() {
		e, err := h.await(ctx, func(e event) bool { return e.Worker == slot })
		if err != nil {
			return err
		}
		at[e.Event] = e.Time
		if t, ok := stamp(e.Line); ok && e.Event == "log" {
			c.replaced = append(c.replaced, t.Sub(killed))
		}
	}
	c.noticed = append(c.noticed, at["worker_exited"].Sub(killed))
	c.started = append(c.started, at["worker_started"].Sub(at["worker_exited"]))
	c.ready = append(c.ready, at["worker_ready"].Sub(at["worker_started"]))
	return nil
}

// bareStart runs a worker by itself and returns how long it took to listen.
func bareStart(program string) (time.Duration, error) {
	addr, err := freeAddr()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(program, workerRole, addr)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	defer func() { _ = cmd.Wait() }()
	defer func() { _ = cmd.Process.Kill() }()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return 0, err
	}
	listened, ok := stamp(line)
	if !ok {
		return 0, fmt.Errorf("it says %q", line)
	}
	return listened.Sub(began), nil
}
