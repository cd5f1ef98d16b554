package main

import (
	"context"
	"net/http"
	"sync"
)

const (
	balanceRuns     = 5
	balanceWorkers  = 4
	balanceClients  = 6
	balanceRequests = 3000 // of each client, one after the other
)

// measureBalance has a few clients ask all the time and takes what each worker
// serves, as a multiple of an equal share.
func measureBalance(ctx context.Context, b *bench) error {
	for _, policy := range []string{"least", "roundrobin"} {
		h, _, err := b.startServing(ctx, balanceWorkers, "--balance", policy)
		if err != nil {
			return err
		}
		var shares []float64
		for range balanceRuns {
			var served map[string]int
			if served, err = answers("http://" + h.addr + "/who"); err != nil {
				break
			}
			for _, n := range served {
				shares = append(shares, float64(n)*balanceWorkers/(balanceClients*balanceRequests))
			}
		}
		h.stop()
		if err != nil {
			return err
		}
		b.numbers("6 connections, 4 workers: a worker's part of an equal share, "+policy, "%.2f", shares)
	}
	return nil
}

// answers returns how many answers came from each worker.
func answers(url string) (map[string]int, error) {
	served := map[string]int{}
	var failed error
	var mu sync.Mutex
	var clients sync.WaitGroup
	for range balanceClients {
		clients.Go(func() {
			transport := &http.Transport{}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport, Timeout: patience}
			for range balanceRequests {
				who, err := ask(client, url)
				mu.Lock()
				served[who]++
				if err != nil {
					failed = err
				}
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	return served, failed
}
