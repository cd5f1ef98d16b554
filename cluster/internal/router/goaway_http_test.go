package router

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
)

// serveH2C starts a server that speaks HTTP/2 without TLS and gives its name.
func serveH2C(t *testing.T, name string) netip.AddrPort {
	t.Helper()
	ln := listen(t)
	s := &http.Server{Protocols: h2cOnly(), Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, name)
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(ln)
	}()
	t.Cleanup(func() {
		_ = s.Close()
		<-done
	})
	return addrOf(ln)
}

func h2cOnly() *http.Protocols {
	p := new(http.Protocols)
	p.SetUnencryptedHTTP2(true)
	return p
}

func h2cClient(t *testing.T) *http.Client {
	t.Helper()
	tr := &http.Transport{Protocols: h2cOnly()}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: patienceLimit}
}

func askH2C(c *http.Client, addr netip.AddrPort) (string, error) {
	resp, err := c.Get("http://" + addr.String() + "/")
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, got)
	}
	return string(got), err
}

// TestShiftUnderHTTP2Load shifts to one generation after the other under the
// requests of clients that keep a connection. None fails, and after an answer of
// one generation a client has none of an older one.
func TestShiftUnderHTTP2Load(t *testing.T) {
	r, p := newRouter(t, Options{})
	r.awayLimit = patienceLimit
	clients := [...]*http.Client{h2cClient(t), h2cClient(t), h2cClient(t)}
	generation := 0
	var serves *Backend
	shift := func() {
		generation++
		next := r.NewBackend(generation)
		next.Bind(p, serveH2C(t, strconv.Itoa(generation)))
		if r.Shift([]*Backend{next}, []*Backend{serves}[:min(generation-1, 1)]); serves != nil {
			serves.Drain()
		}
		serves = next
	}
	shift()
	var newest [len(clients)]atomic.Int64
	var stop atomic.Bool
	var all sync.WaitGroup
	for i, c := range clients {
		all.Go(func() {
			for !stop.Load() {
				said, err := askH2C(c, p.Addr())
				got, _ := strconv.Atoi(said)
				if before := newest[i].Swap(int64(got)); err != nil || int64(got) < before {
					t.Errorf("generation %d after %d, %v", got, before, err)
					return
				}
			}
		})
	}
	for range 10 {
		for i := range newest {
			eventually(t, "the newest answers", func() bool { return t.Failed() || newest[i].Load() == int64(generation) })
		}
		shift()
	}
	stop.Store(true)
	all.Wait()
	if s := quietStats(t, r); s.Errors+s.Refused+s.Aborted > 0 {
		t.Errorf("stats %+v", s)
	}
}
