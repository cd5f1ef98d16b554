package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

const (
	downloadSize = 1 << 30
	downloadRuns = 5
)

// measureDownload takes the speed of a large response through the router and
// from the same worker directly, in turn, and what the master needs of memory.
func measureDownload(ctx context.Context, b *bench) error {
	h, direct, err := b.startServing(ctx, 1)
	if err != nil {
		return err
	}
	defer h.stop()
	pid := h.cmd.Process.Pid
	before, err := memoryOf(pid)
	if err == nil {
		err = resetPeak(pid)
	}
	if err != nil {
		return err
	}
	var fromWorker, fromRouter, ratios []float64
	for range downloadRuns {
		d, err := download(ctx, direct)
		if err != nil {
			return fmt.Errorf("directly: %w", err)
		}
		r, err := download(ctx, h.addr)
		if err != nil {
			return fmt.Errorf("through the router: %w", err)
		}
		fromWorker, fromRouter, ratios = append(fromWorker, d), append(fromRouter, r), append(ratios, r/d)
	}
	after, err := memoryOf(pid)
	if err != nil {
		return err
	}
	b.numbers("response of 1 GB, directly", "%.0f MB/s", fromWorker)
	b.numbers("  through the router", "%.0f MB/s", fromRouter)
	b.numbers("  router ÷ direct", "%.2f", ratios)
	b.fact("  the master's memory (RSS) before", mebibytes(before.resident))
	b.fact("  its peak meanwhile", mebibytes(after.peak))
	return nil
}

// sink is a writer that has read all it was given. Unlike io.Discard it leaves
// the size of the reads to the caller.
type sink struct{}

func (sink) Write(p []byte) (int, error) { return len(p), nil }

// download returns the speed in megabytes (10^6) a second.
func download(ctx context.Context, addr string) (float64, error) {
	url := fmt.Sprintf("http://%s/bytes/%d", addr, downloadSize)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	t := &http.Transport{ReadBufferSize: 256 << 10}
	defer t.CloseIdleConnections()
	began := time.Now()
	resp, err := t.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	n, err := io.CopyBuffer(sink{}, resp.Body, make([]byte, 256<<10))
	if err == nil && n != downloadSize {
		err = fmt.Errorf("%d bytes came", n)
	}
	return downloadSize / 1e6 / time.Since(began).Seconds(), err
}
