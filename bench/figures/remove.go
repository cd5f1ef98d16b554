package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const (
	removeRounds = 10
	removesEach  = 2000
)

// measureRemove takes what it costs a worker to remove a file, a call that is
// stopped for the sake of Unix sockets, and the same program on its own, in turn.
func measureRemove(ctx context.Context, b *bench) error {
	h, _, err := b.startServing(ctx, 1)
	if err != nil {
		return err
	}
	defer h.stop()
	alone, end, err := b.startAlone(ctx)
	if err != nil {
		return err
	}
	defer end()
	return b.inTurn(removeRounds,
		"removal of a file by the program on its own, mean", func() (time.Duration, error) { return removal(ctx, alone) },
		"by the program as a worker", func() (time.Duration, error) { return removal(ctx, h.addr) })
}

// removal asks a worker what the removal of a file takes it.
func removal(ctx context.Context, addr string) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/remove", http.NoBody)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	ns, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("it says %q", text)
	}
	return time.Duration(ns), nil
}

// removeFiles answers with the mean time that the removal of a file takes, in ns.
func removeFiles(w http.ResponseWriter, _ *http.Request) {
	took, err := timeRemovals()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprint(w, took.Nanoseconds())
}

func timeRemovals() (time.Duration, error) {
	dir, err := os.MkdirTemp("", "figures-remove-")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	names := make([]string, removesEach)
	for i := range names {
		names[i] = filepath.Join(dir, strconv.Itoa(i))
		if err := os.WriteFile(names[i], nil, 0o600); err != nil {
			return 0, err
		}
	}
	began := time.Now()
	for _, name := range names {
		if err := os.Remove(name); err != nil {
			return 0, err
		}
	}
	return time.Since(began) / removesEach, nil
}
