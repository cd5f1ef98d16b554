package router

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// roleVariable makes the test binary a worker.
const roleVariable = "ROUTER_TEST_ROLE"

// What a worker does with a request.
const (
	roleAnswer  = "answer"
	rolePatient = "patient" // once the client has ended its direction
	roleMute    = "mute"    // never; it says on stdout what it hears
)

// workerRole serves HTTP on a private port and says on stdout which.
func workerRole() {
	role := os.Getenv(roleVariable)
	ln := listenAnywhere()
	fmt.Println(ln.Addr())
	_ = http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		n, _ := io.Copy(io.Discard, q.Body)
		if role == roleMute {
			fmt.Println("asked")
		}
		if role != roleAnswer {
			<-q.Context().Done()
		}
		if role == roleMute {
			fmt.Println("ended")
			select {}
		}
		fmt.Fprintf(w, "%s %d\n", q.Method, n)
	}))
}

// startWorker starts a worker process and returns its private address and what
// else it says.
func startWorker(role string) (*exec.Cmd, netip.AddrPort, *bufio.Reader, error) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role)
	cmd.Stderr = os.Stderr
	pipe, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, netip.AddrPort{}, nil, err
	}
	says := bufio.NewReader(pipe)
	line, err := says.ReadString('\n')
	if err != nil {
		return cmd, netip.AddrPort{}, nil, fmt.Errorf("the worker says nothing: %w", err)
	}
	addr, err := netip.ParseAddrPort(strings.TrimSpace(line))
	return cmd, addr, says, err
}

// owner keeps some worker processes alive, as the master does: when one has
// ended its backend is closed and another is started.
type owner struct {
	t    *testing.T
	r    *Router
	p    *Port
	wg   sync.WaitGroup
	mu   sync.Mutex
	live map[*Backend]*exec.Cmd
	over bool
}

func newOwner(t *testing.T, r *Router, p *Port, workers int) *owner {
	t.Helper()
	o := &owner{t: t, r: r, p: p, live: make(map[*Backend]*exec.Cmd)}
	t.Cleanup(o.stop)
	for id := range workers {
		o.start(id)
	}
	return o
}

// start starts a worker and returns when it is ready.
func (o *owner) start(id int) {
	cmd, addr, _, err := startWorker(roleAnswer)
	if err != nil {
		o.t.Error(err)
	}
	if cmd == nil {
		return
	}
	b := o.r.NewBackend(id)
	b.Bind(o.p, addr)
	o.mu.Lock()
	o.live[b] = cmd
	over := o.over
	o.mu.Unlock()
	if over {
		_ = cmd.Process.Kill()
	}
	b.Ready()
	o.wg.Go(func() {
		_ = cmd.Wait()
		b.Close()
		o.mu.Lock()
		delete(o.live, b)
		over := o.over
		o.mu.Unlock()
		if !over {
			o.start(id)
		}
	})
}

// any returns some live backend and its process, or nil.
func (o *owner) any() (*Backend, *exec.Cmd) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for b, cmd := range o.live {
		return b, cmd
	}
	return nil, nil
}

// kill kills so many workers at once with SIGKILL. None of them runs any more when
// the first is killed: one that is yet to be killed cannot take over what another
// has died at.
func (o *owner) kill(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var victims []*os.Process
	for _, cmd := range o.live {
		if len(victims) < n {
			victims = append(victims, cmd.Process)
		}
	}
	for _, v := range victims {
		freeze(v)
	}
	for _, v := range victims {
		_ = v.Kill()
	}
}

func (o *owner) stop() {
	o.mu.Lock()
	o.over = true
	for _, cmd := range o.live {
		_ = cmd.Process.Kill()
	}
	o.mu.Unlock()
	o.wg.Wait()
}

// clients send requests of all methods until told to stop.
type clients struct {
	wg     sync.WaitGroup
	stop   atomic.Bool
	sent   []atomic.Int64  // by client
	failed [2]atomic.Int64 // of idempotent requests, of others
}

func startClients(t *testing.T, addr netip.AddrPort, n int, keepAlive bool) *clients {
	t.Helper()
	c := &clients{sent: make([]atomic.Int64, n)}
	methods := []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST"}
	for i := range n {
		c.wg.Go(func() {
			tr := &http.Transport{DisableKeepAlives: !keepAlive}
			defer tr.CloseIdleConnections()
			for k := i; !c.stop.Load(); k++ {
				m := methods[k%len(methods)]
				if err := once(tr, m, addr); err != nil {
					if m == "POST" {
						c.failed[1].Add(1)
					} else {
						c.failed[0].Add(1)
					}
					if m != "POST" || !errors.Is(err, errStatus) {
						t.Errorf("%s: %v", m, err)
					}
				}
				c.sent[i].Add(1)
			}
		})
	}
	return c
}

var errStatus = errors.New("status 502")

// once sends one request and reads the whole response.
func once(tr *http.Transport, method string, addr netip.AddrPort) error {
	var body io.Reader
	if method == "PUT" || method == "POST" {
		body = io.MultiReader(strings.NewReader("some body"))
	}
	req, err := http.NewRequest(method, "http://"+addr.String()+"/", body)
	if err != nil {
		return err
	}
	if body != nil {
		req.ContentLength = int64(len("some body"))
	}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	got, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return err
	case resp.StatusCode == http.StatusBadGateway:
		return errStatus
	case resp.StatusCode != http.StatusOK:
		return fmt.Errorf("status %s: %s", resp.Status, got)
	}
	return nil
}

// until waits for n more requests of each client: what was under way is over then.
func (c *clients) until(t *testing.T, n int64) {
	t.Helper()
	want := make([]int64, len(c.sent))
	for i := range want {
		want[i] = c.sent[i].Load() + n
	}
	for i := range want {
		eventually(t, "the requests go on", func() bool { return c.sent[i].Load() >= want[i] })
	}
}

// TestKill kills workers with SIGKILL while all kinds of requests are in flight.
// No idempotent request may fail, and a POST only with 502; nothing may fail
// when all are dead at once.
func TestKill(t *testing.T) {
	for _, keepAlive := range []bool{true, false} {
		t.Run(fmt.Sprintf("keep-alive %v", keepAlive), func(t *testing.T) {
			r, p := newRouter(t, Options{})
			o := newOwner(t, r, p, 3)
			c := startClients(t, p.Addr(), 8, keepAlive)
			for _, n := range []int{1, 1, 2, 3, 1, 3} {
				c.until(t, 40)
				o.kill(n)
			}
			c.until(t, 40)
			c.stop.Store(true)
			c.wg.Wait()
			if got := c.failed[0].Load(); got > 0 {
				t.Errorf("%d idempotent requests failed", got)
			}
			// A cut connection would be an error that the client may have
			// made good by itself.
			if s := quietStats(t, r); int64(s.Errors) != c.failed[1].Load() || s.Refused > 0 {
				t.Errorf("%d POST failed, stats %+v", c.failed[1].Load(), s)
			}
		})
	}
}

// TestRollingRestart drains one worker after the other, stops it and starts its
// successor, as a reload does. No request of any method may fail.
func TestRollingRestart(t *testing.T) {
	for _, keepAlive := range []bool{true, false} {
		t.Run(fmt.Sprintf("keep-alive %v", keepAlive), func(t *testing.T) {
			r, p := newRouter(t, Options{})
			o := newOwner(t, r, p, 2)
			c := startClients(t, p.Addr(), 8, keepAlive)
			mark := r.Mark()
			defer mark.Close()
			for range 8 {
				c.until(t, 25)
				b, cmd := o.any()
				if b == nil {
					t.Fatal("no worker is left")
				}
				<-b.Drain()
				_ = cmd.Process.Kill()
				eventually(t, "it is replaced", func() bool {
					o.mu.Lock()
					defer o.mu.Unlock()
					return o.live[b] == nil && len(o.live) == 2
				})
			}
			c.stop.Store(true)
			c.wg.Wait()
			if got := mark.Receipt(); got.Failed > 0 || c.failed[0].Load()+c.failed[1].Load() > 0 || got.Requests == 0 {
				t.Errorf("receipt %+v, %d and %d failed", got, c.failed[0].Load(), c.failed[1].Load())
			}
		})
	}
}
