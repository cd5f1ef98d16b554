package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// ask returns the body of a good answer.
func ask(client *http.Client, url string) (string, error) {
	resp, err := client.Get(url)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %s", resp.Status)
	}
	return string(body), err
}

// load is clients that ask at a steady rate.
type load struct {
	began         time.Time
	stop          chan struct{}
	clients       sync.WaitGroup
	asked, failed atomic.Int64
}

func startLoad(url string, keepAlive bool) *load {
	l := &load{began: time.Now(), stop: make(chan struct{})}
	for range loadClients {
		l.clients.Go(func() {
			transport := &http.Transport{DisableKeepAlives: !keepAlive}
			defer transport.CloseIdleConnections()
			client := &http.Client{Transport: transport, Timeout: patience}
			tick := time.NewTicker(time.Second * loadClients / loadRate)
			defer tick.Stop()
			for {
				select {
				case <-l.stop:
					return
				case <-tick.C:
				}
				l.asked.Add(1)
				if _, err := ask(client, url); err != nil {
					l.failed.Add(1)
				}
			}
		})
	}
	return l
}

// end ends the load and returns what came of it.
func (l *load) end() (asked, failed int64, rate float64) {
	close(l.stop)
	l.clients.Wait()
	asked = l.asked.Load()
	return asked, l.failed.Load(), float64(asked) / time.Since(l.began).Seconds()
}
