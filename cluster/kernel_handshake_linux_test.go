package cluster

import (
	"context"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func init() { systemPrograms["deferring"] = serveDeferring }

// serveDeferring accepts a connection with its first bytes only, as Apache does and
// nginx can: until then it is half-open at this end, and established for its client.
// The kernel waits for them longer than any test lasts.
func serveDeferring(args []string) error {
	lc := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		var failed error
		if err := c.Control(func(fd uintptr) {
			failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 3600)
		}); err != nil {
			return err
		}
		return failed
	}}
	l, err := lc.Listen(context.Background(), "tcp", args[0])
	if err != nil {
		return err
	}
	return serveOn(l)
}

// dialSilent makes connections on which nothing is sent.
func dialSilent(t *testing.T, addr string, n int) []*loadConn {
	t.Helper()
	var conns []*loadConn
	for range n {
		c, err := dialLoad("127.0.0.1" + addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		conns = append(conns, c)
	}
	return conns
}

// answered sends a request over each connection, and wants it answered.
func answered(t *testing.T, conns []*loadConn) {
	t.Helper()
	for i, c := range conns {
		_ = c.SetDeadline(time.Now().Add(deadline))
		if _, err := io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
			t.Errorf("connection %d: %v", i+1, err)
			continue
		}
		resp, err := http.ReadResponse(c.in, nil)
		if err != nil {
			t.Errorf("connection %d: %v", i+1, err)
			continue
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			t.Errorf("connection %d is answered with %d", i+1, resp.StatusCode)
		}
	}
}

// TestKernelCarriesOverHandshakes has clients that connect to workers and say
// nothing until those are gone.
func TestKernelCarriesOverHandshakes(t *testing.T) {
	const clients = 12 // so that with near certainty there are some at either of two
	for name, tc := range map[string]struct {
		workers int
		end     func(l *live)
	}{
		"killed": {1, func(l *live) {
			if err := l.Kill(1); err != nil {
				l.t.Error(err)
			}
			await[WorkerReady](l, 1)
		}},
		"restarted": {1, func(l *live) {
			if err := l.Restart(1); err != nil {
				l.t.Error(err)
			}
			await[WorkerExited](l, 1)
		}},
		"scaled away": {2, func(l *live) {
			if err := l.Scale(1, "you"); err != nil {
				l.t.Error(err)
			}
			await[WorkerExited](l, 1)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			addr := freeAddr(t)
			l := startLive(t, Options{
				Command: program("deferring", addr), Workers: tc.workers, Balance: Kernel, StopTimeout: 2 * deadline,
			})
			await[WorkerReady](l, tc.workers)
			conns := dialSilent(t, addr, clients)
			tc.end(l)
			answered(t, conns)
		})
	}
}

// TestKernelAwaitsNoSilentClient: a client that goes on saying nothing does not keep
// a socket in its group, nor does one that has come to another worker since.
func TestKernelAwaitsNoSilentClient(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("deferring", addr), Workers: 1, Balance: Kernel, StopTimeout: 2 * deadline})
	await[WorkerReady](l, 1)
	conns := dialSilent(t, addr, 3)
	if err := l.Kill(1); err != nil {
		t.Fatal(err)
	}
	await[WorkerReady](l, 1)
	conns = append(conns, dialSilent(t, addr, 3)...)
	l.awaitParted()
	answered(t, conns)
}

// awaitParted waits until no socket is on its way out of its group.
func (l *live) awaitParted() {
	l.t.Helper()
	look := time.NewTicker(drainPoll)
	defer look.Stop()
	for parting := 1; parting > 0; {
		if err := l.ask(func(o *owner) { parting = len(o.parting) }); err != nil {
			l.t.Fatal(err)
		}
		select {
		case <-look.C:
		case <-l.ctx.Done():
			l.t.Fatalf("%d sockets are still in their groups", parting)
		}
	}
}

// TestKernelEndAwaitsNoHandshake: the cluster ends, and leaves nothing open, while
// a client that has said nothing is at a worker that has been killed.
func TestKernelEndAwaitsNoHandshake(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("deferring", addr), Workers: 1, Balance: Kernel, StopTimeout: 2 * deadline})
	await[WorkerReady](l, 1)
	dialSilent(t, addr, 1)
	if err := l.Kill(1); err != nil {
		t.Fatal(err)
	}
	await[WorkerExited](l, 1)
}
