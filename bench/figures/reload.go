package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"
)

// measureReload compares how long it takes from a save to the first answer of
// the new code with how long go build takes for the same change, in turn; for a
// program of one module and of fifty.
func measureReload(ctx context.Context, b *bench) error {
	for _, modules := range []int{1, 50} {
		if err := b.reloads(ctx, modules); err != nil {
			return fmt.Errorf("%d modules: %w", modules, err)
		}
	}
	return nil
}

// measureSaves saves under load.
func measureSaves(ctx context.Context, b *bench) error {
	for _, keepAlive := range []bool{true, false} {
		if err := b.reloadsUnderLoad(ctx, keepAlive); err != nil {
			return fmt.Errorf("under load: %w", err)
		}
	}
	return nil
}

// reloads measures a program of so many modules.
func (b *bench) reloads(ctx context.Context, modules int) error {
	watched, err := newSource(modules)
	if err != nil {
		return err
	}
	defer watched.remove()
	alone, err := newSource(modules)
	if err != nil {
		return err
	}
	defer alone.remove()
	h, err := b.startSource(ctx, watched)
	if err != nil {
		return err
	}
	defer h.stop()
	var built, answered, above series
	for i := range b.runs {
		took, until, err := pair(ctx, h, alone, watched, i)
		if err != nil {
			return err
		}
		built, answered, above = append(built, took), append(answered, until), append(above, until-took)
	}
	name := strconv.Itoa(modules) + " modules"
	if modules == 1 {
		name = "1 module"
	}
	b.row("go build of a change, "+name, built)
	b.row("save, until the new code answers, "+name, answered)
	b.row("  above go build, in pairs", above)
	return nil
}

// pair measures go build alone and a save, one after the other. Which is first
// alternates: the second finds the compiler in memory.
func pair(ctx context.Context, h *headless, alone, watched *goSource, i int) (built, answered time.Duration, err error) {
	version := i + 2
	build := func() { built, err = alone.build(ctx, version) }
	if i%2 == 0 {
		if build(); err != nil {
			return 0, 0, err
		}
	}
	if answered, err = watched.saveAndAsk(ctx, h, version); err != nil {
		return 0, 0, err
	}
	if _, err = h.count(ctx, "reload_done", 1); err != nil {
		return 0, 0, err
	}
	if i%2 != 0 {
		build()
	}
	return built, answered, err
}

const (
	loadSaves   = 20
	loadClients = 32
	loadRate    = 4000 // requests a second, of all clients
)

// reloadsUnderLoad saves again and again while clients ask.
func (b *bench) reloadsUnderLoad(ctx context.Context, keepAlive bool) error {
	s, err := newSource(1)
	if err != nil {
		return err
	}
	defer s.remove()
	h, err := b.startSource(ctx, s)
	if err != nil {
		return err
	}
	defer h.stop()
	load := startLoad(s.addr, keepAlive)
	for version := 2; version < 2+loadSaves && err == nil; version++ {
		if err = s.save(version); err == nil {
			_, err = h.count(ctx, "reload_done", 1)
		}
	}
	asked, failed, rate := load.end()
	if err != nil {
		return err
	}
	kind := "keep-alive"
	if !keepAlive {
		kind = "a connection each"
	}
	b.fact(fmt.Sprintf("%d saves under %.0f requests/s, %s: failed", loadSaves, rate, kind), fmt.Sprintf("%d of %d", failed, asked))
	return nil
}

// startSource runs a program from its source, until it answers.
func (b *bench) startSource(ctx context.Context, s *goSource) (*headless, error) {
	cmd := exec.Command(b.program, "--headless", "--log", "json", "-n", "2", s.dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	h := &headless{cmd: cmd, addr: s.addr, events: make(chan event, 4096), seen: map[string]int{}}
	go h.read(out)
	if _, err := h.count(ctx, "worker_ready", 2); err != nil {
		h.stop()
		return nil, err
	}
	return h, nil
}
