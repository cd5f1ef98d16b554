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
	downloadRuns = 15
)

// measureDownload takes the speed of a large response through the router, from
// its worker directly, and from the same program on its own, in turn, and what
// the master needs of memory.
func measureDownload(ctx context.Context, b *bench) error {
	h, private, err := b.startServing(ctx, 1)
	if err != nil {
		return err
	}
	defer h.stop()
	alone, end, err := b.startAlone(ctx)
	if err != nil {
		return err
	}
	defer end()
	pid := h.cmd.Process.Pid
	before, err := memoryOf(pid)
	if err == nil {
		err = resetPeak(pid)
	}
	if err != nil {
		return err
	}
	speeds, err := downloads(ctx, alone, private, h.addr)
	if err != nil {
		return err
	}
	after, err := memoryOf(pid)
	if err != nil {
		return err
	}
	b.numbers("response of 1 GB, from the program on its own", "%.0f MB/s", speeds[0])
	b.numbers("  from a worker, at its private address", "%.0f MB/s", speeds[1])
	b.numbers("  through the router", "%.0f MB/s", speeds[2])
	b.numbers("  router ÷ on its own", "%.2f", ratios(speeds[2], speeds[0]))
	b.numbers("  router ÷ worker", "%.2f", ratios(speeds[2], speeds[1]))
	b.fact("  the master's memory (RSS) before", mebibytes(before.resident))
	b.fact("  its peak meanwhile", mebibytes(after.peak))
	return nil
}

// downloads takes the speeds from several addresses, in turn.
func downloads(ctx context.Context, addrs ...string) ([][]float64, error) {
	speeds := make([][]float64, len(addrs))
	for range downloadRuns {
		for i, addr := range addrs {
			s, err := download(ctx, addr)
			if err != nil {
				return nil, fmt.Errorf("from %s: %w", addr, err)
			}
			speeds[i] = append(speeds[i], s)
		}
	}
	return speeds, nil
}

// ratios returns a ÷ b of each run.
func ratios(a, b []float64) []float64 {
	r := make([]float64, len(a))
	for i := range a {
		r[i] = a[i] / b[i]
	}
	return r
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
