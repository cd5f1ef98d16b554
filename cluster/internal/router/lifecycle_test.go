package router

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// TestDrain moves a client that keeps its connection from one worker to the next
// and waits for a request that takes long.
func TestDrain(t *testing.T) {
	r, p := newRouter(t, Options{})
	release := make(chan struct{})
	old := newWorker(t, func(w *worker, c sock) {
		for {
			switch w.request(c, getRequest, postRequest) {
			case "":
				return
			case postRequest:
				<-release
			}
			fmt.Fprint(c, okResponse)
		}
	})
	b1 := backend(r, p, 1, addrOf(old.ln))
	keeps, slow := dialRouter(t, p.Addr()), dialRouter(t, p.Addr())
	fmt.Fprint(keeps, getRequest)
	expect(t, keeps, okResponse)
	quietStats(t, r) // the client has its answer a moment before that is counted
	fmt.Fprint(slow, postRequest)
	eventually(t, "the slow one is in flight", func() bool { return b1.Stats().InFlight == 1 })

	replacement := newWorker(t, func(w *worker, c sock) {
		for w.request(c, getRequest) != "" {
			fmt.Fprint(c, nextResponse)
		}
	})
	backend(r, p, 2, addrOf(replacement.ln))
	drained := b1.Drain()
	eventually(t, "idle connections are closed", func() bool { return b1.Stats().Conns == 1 })
	for range 5 {
		fmt.Fprint(keeps, getRequest)
		expect(t, keeps, nextResponse)
	}
	select {
	case <-drained:
		t.Error("drained with a request in flight")
	default:
	}
	close(release)
	expect(t, slow, okResponse)
	<-drained
	if again := b1.Drain(); again != drained {
		t.Error("a second drain is another one")
	}
	// Its client's connection is open and goes to the replacement.
	fmt.Fprint(slow, getRequest)
	expect(t, slow, nextResponse)
	eventually(t, "no connection is left", func() bool { return b1.Stats().Conns == 0 })
	b1.Close()
	if s := quietStats(t, r); s.Requests != 8 || s.Status[2] != 8 || s.Errors+s.Replays != 0 {
		t.Errorf("stats %+v", s)
	}
}

// TestDrainWaitsForTunnels drains a backend with an upgraded connection.
func TestDrainWaitsForTunnels(t *testing.T) {
	r, p := newRouter(t, Options{})
	w := faulty(t, func(c sock) {
		fmt.Fprint(c, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
		expectEnd(t, c)
	}, getRequest)
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	expect(t, c, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
	eventually(t, "it is a tunnel", func() bool { s := b.Stats(); return s.Tunnels == 1 && s.InFlight == 0 })
	drained := b.Drain()
	select {
	case <-drained:
		t.Error("drained with a tunnel open")
	default:
	}
	c.Close()
	<-drained
}

// TestDrainCalledOff makes a draining backend ready again.
func TestDrainCalledOff(t *testing.T) {
	r, p := newRouter(t, Options{})
	w := healthy(t, getRequest)
	b := backend(r, p, 1, addrOf(w.ln))
	<-b.Drain()
	b.Ready()
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	expect(t, c, okResponse)
}

// TestBoundPorts gives a backend only requests of the ports that it has bound.
func TestBoundPorts(t *testing.T) {
	r, p1 := newRouter(t, Options{})
	p2 := r.Listen(listen(t))
	w1, w2 := healthy(t, getRequest), healthy(t, postRequest)
	b := r.NewBackend(1)
	b.Bind(p1, addrOf(w1.ln))
	b.Ready()
	c1, c2 := dialRouter(t, p1.Addr()), dialRouter(t, p2.Addr())
	fmt.Fprint(c1, getRequest)
	expect(t, c1, okResponse)
	fmt.Fprint(c2, postRequest)
	eventually(t, "the other port's is held", func() bool { return r.Stats().Held == 1 })
	b.Bind(p2, addrOf(w2.ln))
	expect(t, c2, okResponse)
	b.Unbind(p2)
	fmt.Fprint(c2, postRequest)
	eventually(t, "it is held again", func() bool { return r.Stats().Held == 1 })
}

// TestBalance keeps each of 4 workers busy with two requests, then ends those of one
// of them. What comes next goes there, or to those whose turn it is.
func TestBalance(t *testing.T) {
	for _, tt := range []struct {
		name   string
		policy Policy
		next   []int
	}{{"least", LeastInFlight, []int{3, 3}}, {"roundrobin", RoundRobin, []int{0, 1}}} {
		t.Run(tt.name, func(t *testing.T) {
			r, p := newRouter(t, Options{Policy: tt.policy})
			asked := make(chan int)
			var release [4]chan struct{}
			var all []*Backend
			for id := range release {
				end := make(chan struct{})
				release[id] = end
				w := newWorker(t, func(w *worker, c sock) {
					for w.request(c, getRequest) != "" {
						asked <- id
						<-end
						fmt.Fprint(c, okResponse)
					}
				})
				all = append(all, backend(r, p, id, addrOf(w.ln)))
			}
			with := map[int][]sock{} // the clients that a worker is to answer
			ask := func() int {
				c := dialRouter(t, p.Addr())
				fmt.Fprint(c, getRequest)
				id := <-asked
				with[id] = append(with[id], c)
				return id
			}
			for range 8 {
				ask()
			}
			for id := range release {
				if len(with[id]) != 2 {
					t.Errorf("w%d has %d of 8 requests", id, len(with[id]))
				}
			}
			for range with[3] {
				release[3] <- struct{}{}
			}
			eventually(t, "they are over", func() bool { return all[3].Stats().InFlight == 0 })
			if got := []int{ask(), ask()}; !slices.Equal(got, tt.next) {
				t.Errorf("the next two go to %v, want %v", got, tt.next)
			}
			for id := range release {
				close(release[id])
				for _, c := range with[id] {
					expect(t, c, okResponse)
				}
			}
		})
	}
}

// TestShutdown ends idle connections at once and waits for what is in flight.
func TestShutdown(t *testing.T) {
	r, p := newRouter(t, Options{})
	asked, release := make(chan struct{}), make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		for {
			switch w.request(c, getRequest, postRequest) {
			case "":
				return
			case postRequest:
				close(asked)
				<-release
			}
			fmt.Fprint(c, okResponse)
		}
	})
	backend(r, p, 1, addrOf(w.ln))
	idle, fresh, busy := dialRouter(t, p.Addr()), dialRouter(t, p.Addr()), dialRouter(t, p.Addr())
	fmt.Fprint(idle, getRequest)
	expect(t, idle, okResponse)
	fmt.Fprint(busy, postRequest)
	<-asked // all three are accepted, in the order in which they came
	done := make(chan error)
	go func() { done <- r.Shutdown(context.Background()) }()
	expectEnd(t, idle)
	expectEnd(t, fresh)
	close(release)
	expect(t, busy, okResponse)
	expectEnd(t, busy)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestShutdownCuts gives up waiting for a request that does not end.
func TestShutdownCuts(t *testing.T) {
	r, p := newRouter(t, Options{})
	stop := make(chan struct{})
	w := newWorker(t, func(*worker, sock) { <-stop })
	t.Cleanup(func() { close(stop) })
	b := backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	eventually(t, "it is in flight", func() bool { return b.Stats().InFlight == 1 })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Shutdown(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestShutdownDuringALongRequest: whoever is listened to while a response takes long
// hears of the end, too.
func TestShutdownDuringALongRequest(t *testing.T) {
	r, p := newRouter(t, Options{})
	answer := make(chan struct{})
	w := newWorker(t, func(w *worker, c sock) {
		w.request(c, getRequest)
		<-answer
		fmt.Fprint(c, okResponse)
	})
	backend(r, p, 1, addrOf(w.ln))
	c := dialRouter(t, p.Addr())
	fmt.Fprint(c, getRequest)
	eventually(t, "the client is listened to", func() bool { return watched(r) })
	r.stopAccepting()
	close(answer)
	expect(t, c, okResponse)
	expectEnd(t, c)
	if err := r.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
}

// TestOnlyTunnels: at the end of the router there is nothing to wait for but them.
func TestOnlyTunnels(t *testing.T) {
	r, p := newRouter(t, Options{})
	w := newWorker(t, func(w *worker, c sock) {
		for w.request(c, getRequest, "\x01") != "" {
			fmt.Fprint(c, okResponse)
		}
	})
	backend(r, p, 1, addrOf(w.ln))
	for _, first := range []string{"\x01", getRequest} {
		c := dialRouter(t, p.Addr())
		fmt.Fprint(c, first)
		expect(t, c, okResponse)
	}
	if r.OnlyTunnels() {
		t.Error("only tunnels, while a client can ask for more")
	}
	r.stopAccepting()
	eventually(t, "there is only a tunnel", r.OnlyTunnels)
	if n := r.Stats().Conns; n != 1 {
		t.Errorf("%d connections", n)
	}
}
