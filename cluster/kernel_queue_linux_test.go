package cluster

import (
	"net"
	"runtime"
	"syscall"
	"testing"
)

// TestKernelShowsTheAcceptQueue has a worker that is stopped, so that it accepts
// nothing, and no longer once it goes on.
func TestKernelShowsTheAcceptQueue(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 1, Balance: Kernel})
	pid := await[WorkerReady](l, 1)[0].PID
	pause(t, pid)
	for range 5 {
		conn, err := net.Dial("tcp", "127.0.0.1"+addr)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
	}
	l.awaitSockets(Sockets{Waiting: 5})
	if err := syscall.Kill(pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	l.awaitSockets(Sockets{Conns: 5})
}

// awaitSockets waits until that many connections of the first worker are in use
// and that many wait.
func (l *live) awaitSockets(want Sockets) {
	l.t.Helper()
	var got *Sockets
	for l.ctx.Err() == nil {
		got = l.Snapshot().Workers[0].Sockets
		if got != nil && got.Conns == want.Conns && got.Waiting == want.Waiting {
			return
		}
		runtime.Gosched()
	}
	l.t.Fatalf("the kernel says %+v, want %+v", got, want)
}
