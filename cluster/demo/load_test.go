package demo

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

// TestFollowKeepsOrder takes what is handed out and looks for it in the plan.
// What nobody was there to take is left out, but never is anything out of turn.
func TestFollowKeepsOrder(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	todo := make(chan request)
	done := make(chan struct{})
	go func() {
		defer close(done)
		follow(ctx, newPlan(5), todo)
	}()
	reference := newPlan(5)
	for range 30 {
		got := <-todo
		want := reference.next()
		for want.at < got.at {
			want = reference.next()
		}
		if got != want {
			t.Fatalf("got %v, which is not in the plan", got)
		}
	}
	cancel()
	<-done
}

// TestCrashWaitsForAClient: nobody is there to take it at its time, as on a busy
// machine.
func TestCrashWaitsForAClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		todo := make(chan request)
		go follow(ctx, newPlan(5), todo)
		<-time.After(firstCrash) // by the bubble's clock
		synctest.Wait()
		if got := <-todo; got.path != crashPath {
			t.Errorf("after the time of the first crash, %v is handed out", got)
		}
		cancel()
	})
}

// TestLoadAsksServer cancels the load from within a request.
func TestLoadAsksServer(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		switch n := asked.Add(1); {
		case n == 50:
			cancel()
		case n > 50:
			<-ctx.Done() // no client is to ask again before that
		}
	}))
	defer server.Close()
	Load{Addr: server.Listener.Addr().String(), Seed: 5}.Run(ctx)
	if n := asked.Load(); n < 50 || n > 50+clients {
		t.Errorf("asked %d times", n)
	}
}

// TestLoadGoesOnWithoutAnswers has a server that hangs up on everybody.
func TestLoadGoesOnWithoutAnswers(t *testing.T) {
	defer goleak.VerifyNone(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		Load{Addr: listener.Addr().String()}.Run(ctx)
	}()
	for range 50 {
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		conn.Close()
	}
	cancel()
	listener.Close() // a client may be on its way in
	<-done
}

func TestFreeAddrSkipsTaken(t *testing.T) {
	for _, taken := range []string{"127.0.0.1:0", ":0"} {
		listener, err := net.Listen("tcp", taken)
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		port := listener.Addr().(*net.TCPAddr).Port
		got, err := FreeAddr(port)
		if err != nil {
			t.Fatal(err)
		}
		_, found, _ := net.SplitHostPort(got)
		if n, err := strconv.Atoi(found); err != nil || n <= port {
			t.Errorf("%s is taken, got %s", listener.Addr(), got)
		}
	}
}

func TestDialAddr(t *testing.T) {
	for addr, want := range map[string]string{
		":80": "127.0.0.1:80", "0.0.0.0:80": "127.0.0.1:80", "[::]:80": "127.0.0.1:80",
		"10.1.2.3:80": "10.1.2.3:80", "[::1]:80": "[::1]:80", "localhost:80": "localhost:80",
	} {
		if got := dialAddr(addr); got != want {
			t.Errorf("%s: got %s, want %s", addr, got, want)
		}
	}
}
