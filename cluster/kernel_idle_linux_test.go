package cluster

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"
)

// rawClient is a client that keeps its connection and says when that is ended.
type rawClient struct {
	t *testing.T
	net.Conn
	r *bufio.Reader
}

func dialRaw(t *testing.T, addr string) *rawClient {
	t.Helper()
	c := dialPort(t, addr)
	return &rawClient{t, c, bufio.NewReader(c)}
}

// say sends a part of a request.
func (c *rawClient) say(part string) {
	c.t.Helper()
	if _, err := io.WriteString(c, part); err != nil {
		c.t.Fatal(err)
	}
}

func (c *rawClient) answered() {
	c.t.Helper()
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK {
		c.t.Fatalf("%s, %v", resp.Status, err)
	}
}

func (c *rawClient) isEnded() {
	c.t.Helper()
	if _, err := c.r.ReadByte(); !errors.Is(err, io.EOF) {
		c.t.Errorf("read: %v, want the end", err)
	}
}

// startSilent starts a cluster for which a connection is idle soon.
func startSilent(t *testing.T, addr string) (*live, WorkerReady) {
	t.Helper()
	l := startLive(t, Options{Command: program("http", addr), Workers: 1, Balance: Kernel, StopTimeout: 2 * deadline})
	old := await[WorkerReady](l, 1)[0]
	if err := l.ask(func(o *owner) { o.silence = time.Millisecond }); err != nil {
		t.Fatal(err)
	}
	return l, old
}

const getPlain = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

// TestKernelDrainEndsIdleConnections waits for what is under way and for nothing else.
func TestKernelDrainEndsIdleConnections(t *testing.T) {
	addr := freeAddr(t)
	l, old := startSilent(t, addr)
	idle, busy := dialRaw(t, addr), dialRaw(t, addr)
	idle.say(getPlain)
	idle.answered()
	busy.say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
	if err := l.Restart(1); err != nil {
		t.Fatal(err)
	}
	idle.isEnded()
	busy.say("b")
	busy.answered()
	if exit := await[WorkerExited](l, 1)[0]; exit.PID != old.PID || exit.Signal != "SIGTERM" {
		t.Errorf("the exit is told as %+v", exit)
	}
}

// TestKernelShiftEndsIdleConnections: when new code serves, a client that keeps its
// connection to the worker that is to stay as a spare finds it ended.
func TestKernelShiftEndsIdleConnections(t *testing.T) {
	addr := freeAddr(t)
	l, old := startSilent(t, addr)
	idle := dialRaw(t, addr)
	idle.say(getPlain)
	idle.answered()
	argv := program("http", addr)
	if err := l.RollOut(Program{Path: argv[0], Argv: argv, InPlace: true}, "main.go"); err != nil {
		t.Fatal(err)
	}
	canary := await[WorkerReady](l, 1)[0]
	if err := syscall.Kill(canary.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await[ReloadFailed](l, 1)
	idle.isEnded()
	if a, err := ask(client(t, false), addr, nil); err != nil || a.pid != old.PID {
		t.Errorf("answered by %+v, %v, want the spare", a, err)
	}
}
