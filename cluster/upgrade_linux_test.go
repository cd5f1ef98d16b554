package cluster

import (
	"fmt"
	"io"
	"net"
	"testing"
	"time"
)

// dialPort opens a connection that the test closes.
func dialPort(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1"+addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(deadline))
	return c
}

// upgrade returns a connection that has become a tunnel to a worker.
func upgrade(t *testing.T, addr string) net.Conn {
	t.Helper()
	c := dialPort(t, addr)
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
	if got := read(t, c, len(upgraded)); got != upgraded {
		t.Fatalf("got %q", got)
	}
	return c
}

func read(t *testing.T, c net.Conn, n int) string {
	t.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(c, b); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestQuietTunnelHoldsNoWorkerUp leaves connections open on which nothing is under
// way, as browsers do with WebSockets. With a limit that is longer than the test may
// take, a restart and the end of the cluster still come about.
func TestQuietTunnelHoldsNoWorkerUp(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("upgrade", addr), Workers: 1, StopTimeout: 2 * deadline})
	first := await[WorkerReady](l, 1)[0]
	c := upgrade(t, addr)
	fmt.Fprint(c, "echo")
	read(t, c, len("echo"))
	if err := l.Restart(1); err != nil {
		t.Fatal(err)
	}
	if exit := await[WorkerExited](l, 1)[0]; exit.PID != first.PID || !exit.Expected || exit.Signal != "SIGTERM" {
		t.Errorf("the exit is told as %+v", exit)
	}
	upgrade(t, addr)
	l.Stop()
	if exit := await[WorkerExited](l, 1)[0]; !exit.Expected || exit.Signal != "SIGTERM" {
		t.Errorf("the last exit is told as %+v", exit)
	}
}
