package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	manyConns = 10_000
	// openFiles is what they need in the client, and idle in the master.
	// While active, each may have one to a worker, too.
	openFiles = manyConns + 200
	// poolsEmpty is how long the master may keep connections to workers that
	// nobody uses, and buffers.
	poolsEmpty = 10 * time.Second
	// activeRequests is how many each active connection sends.
	activeRequests = 10
)

// measureIdleConns takes what kept connections without a request cost the
// master. Each has been used once.
func measureIdleConns(ctx context.Context, b *bench) error {
	if _, err := raiseFiles(openFiles, openFiles); err != nil {
		return err
	}
	h, _, err := b.startServing(ctx, 2)
	if err != nil {
		return err
	}
	defer h.stop()
	warm, err := dialAll(ctx, h.addr, 100) // what the first connections bring about is no cost of each
	defer closeAll(warm)
	if err == nil {
		err = pause(ctx, poolsEmpty)
	}
	if err != nil {
		return err
	}
	before, err := memoryOf(h.cmd.Process.Pid)
	if err != nil {
		return err
	}
	conns, err := dialAll(ctx, h.addr, manyConns)
	defer closeAll(conns)
	if err == nil {
		err = pause(ctx, poolsEmpty)
	}
	if err != nil {
		return err
	}
	after, err := memoryOf(h.cmd.Process.Pid)
	if err != nil {
		return err
	}
	per := float64(after.anonymous-before.anonymous) / manyConns / 1024
	b.fact("10,000 idle connections, the master's memory for each", fmt.Sprintf("%.1f KB", per))
	b.fact("  its memory (RSS) before", mebibytes(before.resident))
	b.fact("  with them", mebibytes(after.resident))
	return nil
}

// measureActive has as many connections send requests all the time, one after
// the other on each, and counts those that fail.
func measureActive(ctx context.Context, b *bench) error {
	limit, err := raiseFiles(openFiles, openFiles+manyConns)
	if err != nil {
		return err
	}
	h, _, err := b.startServing(ctx, 2)
	if err != nil {
		return err
	}
	defer h.stop()
	conns, err := dialAll(ctx, h.addr, manyConns)
	defer closeAll(conns)
	if err != nil {
		return err
	}
	var failed atomic.Int64
	var first atomic.Pointer[error]
	var all sync.WaitGroup
	began := time.Now()
	for _, c := range conns {
		all.Go(func() {
			for range activeRequests {
				if err := c.get(); err != nil {
					failed.Add(1)
					first.CompareAndSwap(nil, &err)
					return
				}
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	m, err := memoryOf(h.cmd.Process.Pid)
	if err != nil {
		return err
	}
	b.fact("10,000 active connections, requests that failed", fmt.Sprintf("%d of %d", failed.Load(), manyConns*activeRequests))
	if err := first.Load(); err != nil {
		b.fact("  the first one", (*err).Error())
	}
	b.fact("  limit on open files", limit)
	b.fact("  requests a second", fmt.Sprintf("%.0f", manyConns*activeRequests/took.Seconds()))
	b.fact("  the master's memory (RSS) at its peak", mebibytes(m.peak))
	return nil
}

// kept is a kept connection.
type kept struct {
	net.Conn

	in *bufio.Reader
}

// dialAll makes connections, and sends a request on each. Those that were made
// before an error are returned, too.
func dialAll(ctx context.Context, addr string, n int) (conns []kept, err error) {
	var d net.Dialer
	for range n {
		c, err := d.DialContext(ctx, "tcp", addr)
		if err != nil {
			return conns, err
		}
		k := kept{c, bufio.NewReaderSize(c, 256)}
		conns = append(conns, k)
		if err := k.get(); err != nil {
			return conns, fmt.Errorf("connection %d: %w", len(conns), err)
		}
	}
	return conns, nil
}

func closeAll(conns []kept) {
	for _, c := range conns {
		c.Close()
	}
}

// get sends a request and reads the response.
func (c kept) get() error {
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: figures\r\n\r\n"); err != nil {
		return err
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return errors.New("status " + resp.Status)
	}
	return nil
}
