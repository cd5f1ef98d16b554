package demo

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// clients is how many requests are under way at most.
const clients = 32

// beat is how often requests go out, a few at a time: waking up for each of them
// would cost more than the requests do.
const beat = 20 * time.Millisecond

// Load asks the app for things, in the order and at the times that Seed decides.
type Load struct {
	// Addr is where the app is, HOST:PORT; without a host, or with one that
	// stands for all addresses, it is asked on the loopback address.
	Addr string
	Seed uint64
}

// Run loads the app until ctx ends and returns when the last client is done.
// An app that is not there, or fails, is what the load is for: it goes on.
func (l Load) Run(ctx context.Context) {
	transport := &http.Transport{
		MaxIdleConnsPerHost: clients,
		IdleConnTimeout:     time.Minute,
		DisableCompression:  true,
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: time.Minute}
	base := "http://" + dialAddr(l.Addr)

	todo := make(chan request)
	var running sync.WaitGroup
	for range clients {
		running.Go(func() { // ends when todo is closed
			for r := range todo {
				ask(ctx, client, r.method, base+r.path)
			}
		})
	}
	follow(ctx, newPlan(l.Seed), todo)
	close(todo)
	running.Wait()
}

// follow hands out the plan's requests, each at its time, until ctx ends. What no
// client is free for, since todo has no room, is left out. A crash is too rare for
// that: it waits for a client.
func follow(ctx context.Context, p *plan, todo chan<- request) {
	start := time.Now()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		r := p.next()
		timer.Reset(roundUp(r.at, beat) - time.Since(start))
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		if !hand(ctx, r, todo) {
			return
		}
	}
}

func hand(ctx context.Context, r request, todo chan<- request) (goOn bool) {
	if r.path == crashPath {
		select {
		case todo <- r:
		case <-ctx.Done():
			return false
		}
		return true
	}
	select {
	case todo <- r:
	default:
	}
	return true
}

// roundUp returns the first multiple of unit that is not before d.
func roundUp(d, unit time.Duration) time.Duration {
	return (d + unit - 1).Truncate(unit)
}

// ask makes one request and reads the answer, so that the connection can be
// used again.
func ask(ctx context.Context, client *http.Client, method, url string) {
	req, err := http.NewRequestWithContext(ctx, method, url, http.NoBody)
	if err != nil {
		return
	}
	req.Header.Set("User-Agent", "gcl-tui-demo")
	resp, err := client.Do(req)
	if err != nil {
		return
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
}

// dialAddr is the address at which a listener on addr can be reached.
func dialAddr(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}
