package router

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// TestCarriesHTTP sends requests of the standard client, whose connections are
// kept alive, over two workers.
func TestCarriesHTTP(t *testing.T) {
	r, p := newRouter(t, Options{Policy: RoundRobin})
	for id := range 2 {
		backend(r, p, id, serveHTTP(t, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			body, _ := io.ReadAll(q.Body)
			fmt.Fprintf(w, "w%d %s %s %d", id, q.Method, q.URL.Path, len(body))
		})))
	}
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	served := map[string]int{}
	for i := range 40 {
		size := i * 5000
		resp, err := client.Post("http://"+p.Addr().String()+"/x", "text/plain", strings.NewReader(strings.Repeat("b", size)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		who, rest, _ := strings.Cut(string(got), " ")
		if want := fmt.Sprintf("POST /x %d", size); rest != want {
			t.Fatalf("got %q, want %q", rest, want)
		}
		served[who]++
	}
	if served["w0"] != 20 || served["w1"] != 20 {
		t.Errorf("served by %v, want 20 each", served)
	}
	if s := quietStats(t, r); s.Requests != 40 || s.Status[2] != 40 || s.InFlight != 0 || s.Errors != 0 {
		t.Errorf("stats: %+v", s)
	}
}

// TestCarriesHTTP2 sends requests of the standard client over HTTP/2 with prior
// knowledge, many at a time over one connection.
func TestCarriesHTTP2(t *testing.T) {
	r, p := newRouter(t, Options{})
	ln := listen(t)
	protocols := new(http.Protocols)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{Protocols: protocols, Handler: http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		n, _ := io.Copy(io.Discard, q.Body)
		fmt.Fprintf(w, "%s %d", q.Proto, n)
	})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(ln)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	b := backend(r, p, 1, addrOf(ln))
	tr := &http.Transport{Protocols: protocols}
	defer tr.CloseIdleConnections()
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			body := strings.Repeat("b", i*10_000)
			resp, err := (&http.Client{Transport: tr}).Post("http://"+p.Addr().String()+"/", "text/plain", strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			defer resp.Body.Close()
			got, err := io.ReadAll(resp.Body)
			if want := fmt.Sprintf("HTTP/2.0 %d", len(body)); err != nil || string(got) != want {
				t.Errorf("got %q (%v), want %q", got, err, want)
			}
		})
	}
	wg.Wait()
	eventually(t, "all are counted", func() bool { return b.Stats().Requests == 20 })
	quietStats(t, r) // the last one too, in all that is counted of it
	if s := b.Stats(); s.Tunnels == 0 || s.Status[2] != 20 || s.Uncounted != 0 || s.Latency.Count != 20 {
		t.Errorf("stats %+v, want a tunnel with 20 requests", s)
	}
}
