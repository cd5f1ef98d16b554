package cluster

import (
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gcl-tui/cluster/internal/proc"
	"gcl-tui/cluster/internal/tcpdiag"
)

// TestKernelKillLosesOnlyWhatWasAccepted stops a worker under load, so that clients
// who come from then on wait in its queue. Killed, it takes at most those with it
// that it had accepted; all others are served.
func TestKernelKillLosesOnlyWhatWasAccepted(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 2, Balance: Kernel})
	victim := await[WorkerReady](l, 2)[0]
	early := startLoad(t, addr, false)
	early.more(1000)
	pause(t, victim.PID)
	accepted := acceptedBy(victim.PID, addr)
	late := startLoad(t, addr, false)
	awaitQueue(l, victim.PID, loadClients/2)
	if err := syscall.Kill(victim.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if exit := await[WorkerExited](l, 1)[0]; exit.PID != victim.PID || exit.Expected {
		t.Errorf("the exit is told as %+v", exit)
	}
	await[WorkerReady](l, 1)
	late.more(1000)
	late.none()
	failed := early.stop()
	for _, f := range failed {
		if f.status != 0 {
			t.Errorf("%s was answered with %d, %v", f.method, f.status, f.err)
		}
	}
	if len(failed) > accepted {
		t.Errorf("%d requests failed, the first with %v; %d were accepted", len(failed), failed[0].err, accepted)
	}
}

// pause stops a process. When it returns, no thread of it runs any more.
func pause(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	if err := unix.Waitid(unix.P_PID, pid, nil, unix.WSTOPPED|unix.WNOWAIT, nil); err != nil {
		t.Fatal(err)
	}
}

// acceptedBy returns how many connections a process has accepted and not closed.
func acceptedBy(pid int, addr string) int {
	port := netip.MustParseAddrPort("127.0.0.1" + addr).Port()
	return tcpdiag.ByOwner(established([]uint16{port}), proc.Sessions([]int{pid}))[pid].Conns
}

// awaitQueue waits until n connections wait for a worker to accept them.
func awaitQueue(l *live, pid, n int) {
	l.t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for waiting := 0; waiting < n; {
		if err := l.ask(func(o *owner) {
			for _, w := range o.all() {
				if w.pid == pid {
					waiting = queued(w)
				}
			}
		}); err != nil {
			l.t.Fatal(err)
		}
		select {
		case <-look.C:
		case <-timeout.C:
			l.t.Fatalf("only %d wait", waiting)
		}
	}
}

// TestKernelDrainLastsAsLongAsItsConnections serves a kept connection where it is,
// and ends the worker when the last of them ends, not by the limit, which is longer
// than the test may take.
func TestKernelDrainLastsAsLongAsItsConnections(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 1, Balance: Kernel, StopTimeout: 2 * deadline})
	old := await[WorkerReady](l, 1)[0]
	kept := client(t, true)
	if a, err := ask(kept, addr, nil); err != nil || a.pid != old.PID {
		t.Fatalf("answered by %d, %v", a.pid, err)
	}
	if err := l.Restart(1); err != nil {
		t.Fatal(err)
	}
	await[WorkerDraining](l, 1)
	l.fresh() // what it has begun there is done
	if a, err := ask(client(t, false), addr, nil); err != nil || a.pid == old.PID {
		t.Errorf("a new connection is answered by %d, %v", a.pid, err)
	}
	if a, err := ask(kept, addr, nil); err != nil || a.pid != old.PID {
		t.Errorf("the kept connection is answered by %d, %v", a.pid, err)
	}
	kept.CloseIdleConnections()
	if exit := await[WorkerExited](l, 1)[0]; exit.PID != old.PID || exit.Signal != "SIGTERM" {
		t.Errorf("the exit is told as %+v", exit)
	}
}

// TestKernelStopLeavesKeptConnectionsToTheProgram ends a cluster with a connection
// that nobody uses: the program closes it on the stop signal, which comes at once.
func TestKernelStopLeavesKeptConnectionsToTheProgram(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("graceful", addr), Workers: 1, Balance: Kernel, StopTimeout: 2 * deadline})
	await[WorkerReady](l, 1)
	if _, err := ask(client(t, true), addr, nil); err != nil {
		t.Fatal(err)
	}
	l.Stop()
	if exit := await[WorkerExited](l, 1)[0]; !exit.Expected || exit.Code != 0 || exit.Signal != "" {
		t.Errorf("the exit is told as %+v", exit)
	}
}

// TestKernelShowsNoOldCodeAfterNew rolls new code out under clients that connect
// for each request. Nothing fails, and what is begun after any of them had an
// answer of one generation is not answered by an older one.
func TestKernelShowsNoOldCodeAfterNew(t *testing.T) {
	addr := freeAddr(t)
	argv := program("graceful", addr)
	l := startLive(t, Options{Command: argv, Workers: 4, Balance: Kernel})
	await[WorkerReady](l, 4)
	var newest atomic.Int64
	var stop atomic.Bool
	var all sync.WaitGroup
	for range 8 {
		c := client(t, false)
		all.Go(func() {
			for !stop.Load() {
				before := newest.Load()
				a, err := ask(c, addr, nil)
				got, _ := strconv.ParseInt(a.body, 10, 64)
				if err != nil || got < before {
					t.Errorf("answered by generation %d after %d, %v", got, before, err)
					return
				}
				for now := newest.Load(); now < got && !newest.CompareAndSwap(now, got); {
					now = newest.Load()
				}
			}
		})
	}
	for range 4 {
		if err := l.RollOut(Program{Path: argv[0], Argv: argv, InPlace: true}, "main.go"); err != nil {
			t.Error(err)
		}
		await[ReloadDone](l, 1)
	}
	stop.Store(true)
	all.Wait()
	if now := newest.Load(); now != 5 {
		t.Errorf("generation %d has answered last", now)
	}
}

// TestKernelMovesWhatTheMasterCarries has a connection that came before anybody was
// ready, and is therefore carried by the master. While it is at the old worker, new
// code comes: that finishes what it is at, and the next request goes to the new.
func TestKernelMovesWhatTheMasterCarries(t *testing.T) {
	gate, addr := newGate(t), freeAddr(t)
	argv := gate.program(program("http", addr))
	l := startLive(t, Options{Command: argv, Workers: 1, Balance: Kernel, Ports: []string{addr[1:]}})
	c, err := dialLoad("127.0.0.1" + addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	say := func(text string) {
		t.Helper()
		if _, err := io.WriteString(c, text); err != nil {
			t.Fatal(err)
		}
	}
	say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	gate.admit(1)
	old := await[WorkerReady](l, 1)[0]
	answeredBy(t, c, old.PID)
	say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
	if line, err := c.in.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("got %q, %v", line, err)
	}
	if _, err := c.in.Discard(len("\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := l.RollOut(Program{Path: argv[0], Argv: argv, InPlace: true}, "main.go"); err != nil {
		t.Fatal(err)
	}
	gate.admit(1)
	now := await[WorkerReady](l, 1)[0]
	l.fresh() // what it has begun there is done
	say("ab")
	answeredBy(t, c, old.PID)
	say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	answeredBy(t, c, now.PID)
}

// answeredBy wants the next answer to be of a process.
func answeredBy(t *testing.T, c *loadConn, pid int) {
	t.Helper()
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var slot, got int
	if _, err := fmt.Fscan(resp.Body, &slot, &got); err != nil || got != pid {
		t.Errorf("answered by %d, %v, want %d", got, err, pid)
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Error(err)
	}
}
