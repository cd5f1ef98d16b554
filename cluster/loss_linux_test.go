package cluster

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"
)

// Nothing may be lost, of any method, whatever is replaced, added or removed.
func TestChangesUnderLoadLoseNothing(t *testing.T) {
	for _, c := range []struct {
		balance   Balance
		keepAlive bool
	}{
		{LeastInFlight, true},
		{LeastInFlight, false},
		{Kernel, false}, // there a kept connection ends with its worker
	} {
		t.Run(fmt.Sprintf("%s, keep-alive %v", c.balance, c.keepAlive), func(t *testing.T) {
			addr := freeAddr(t)
			l := startLive(t, Options{Command: program("http", addr), Workers: 4, Balance: c.balance})
			await[WorkerReady](l, 4)
			clients := startLoad(t, addr, c.keepAlive)
			clients.more(1000)
			rollScaleRestart(l, clients)
			clients.none()
			if s := l.fresh().Traffic; c.balance != Kernel && (s.Errors+s.Refused > 0 || s.Requests == 0) {
				t.Errorf("of %d requests %d failed and %d were refused", s.Requests, s.Errors, s.Refused)
			}
		})
	}
}

// rollScaleRestart rolls all four workers, scales to one and back, and restarts
// one, with some load after each.
func rollScaleRestart(l *live, clients *load) {
	l.t.Helper()
	must := func(err error) {
		l.t.Helper()
		if err != nil {
			l.t.Fatal(err)
		}
	}
	must(l.Reload("you"))
	if receipt := await[ReloadDone](l, 1)[0]; receipt.Failed > 0 {
		l.t.Errorf("the receipt says %+v", receipt)
	}
	clients.more(2000)
	must(l.Scale(1, "you"))
	await[WorkerExited](l, 3)
	clients.more(1000)
	must(l.Scale(4, "you"))
	await[WorkerReady](l, 3)
	clients.more(2000)
	must(l.Restart(2))
	await[WorkerExited](l, 1)
	clients.more(2000)
}

// A killed worker takes nothing with it but the POSTs that it was at, and those
// who sent them are told so.
func TestKillUnderLoadLosesOnlyWhatMustNotBeRepeated(t *testing.T) {
	for _, keepAlive := range []bool{true, false} {
		t.Run(fmt.Sprintf("keep-alive %v", keepAlive), func(t *testing.T) {
			addr := freeAddr(t)
			l := startLive(t, Options{Command: program("http", addr), Workers: 4})
			up := workers{live: l, pids: map[int]int{}}
			up.await(0, 4)
			clients := startLoad(t, addr, keepAlive)
			var kills []kill
			for _, victims := range [][]int{{1}, {2}, {3, 4}, {1}, {1, 2, 3, 4}} {
				clients.more(1500)
				kills = append(kills, up.kill(victims...))
				up.await(0, len(victims))
			}
			clients.more(1500)
			onlyPosts(l, clients, kills...)
		})
	}
}

// With all workers gone for three seconds, requests wait and are then served.
func TestRequestsWaitWhileAllWorkersAreDead(t *testing.T) {
	for _, keepAlive := range []bool{true, false} {
		t.Run(fmt.Sprintf("keep-alive %v", keepAlive), func(t *testing.T) {
			gate := newGate(t)
			addr := freeAddr(t)
			l := startLive(t, Options{Command: gate.program(program("http", addr)), Workers: 4})
			gate.admit(4)
			up := workers{live: l, pids: map[int]int{}}
			up.await(0, 4)
			clients := startLoad(t, addr, keepAlive)
			clients.more(2000)
			killed := up.kill(1, 2, 3, 4)
			clients.pass(3 * time.Second)
			if n := l.fresh().Traffic.Held; n == 0 {
				t.Error("no request is held")
			}
			gate.admit(4)
			up.await(0, 4)
			clients.more(2000)
			onlyPosts(l, clients, killed)
		})
	}
}

// workers are the processes by slot. Their exits and starts are awaited in
// whatever order they come.
type workers struct {
	*live
	pids          map[int]int
	exited, ready int // that came and were not awaited yet
}

// await waits until so many more have exited and become ready.
func (w *workers) await(exited, ready int) {
	w.t.Helper()
	w.exited -= exited
	w.ready -= ready
	for w.exited < 0 || w.ready < 0 {
		switch d := w.next().Data.(type) {
		case WorkerExited:
			w.exited++
		case WorkerReady:
			w.ready++
			w.pids[d.Worker] = d.PID
		}
	}
}

// kill is from when it was sent until the victims were known to be gone.
type kill struct{ from, until time.Time }

// kill kills some at once. None of them runs any more when the first is killed: one
// that is yet to be killed cannot take over what another has died at.
func (w *workers) kill(slots ...int) (k kill) {
	w.t.Helper()
	for _, slot := range slots {
		pause(w.t, w.pids[slot])
	}
	k.from = time.Now()
	for _, slot := range slots {
		if err := syscall.Kill(w.pids[slot], syscall.SIGKILL); err != nil {
			w.t.Error(err)
		}
	}
	w.await(len(slots), 0)
	k.until = time.Now()
	return k
}

// onlyPosts ends the load and fails the test if anything failed but POSTs that
// were on their way at one of the kills, with 502.
func onlyPosts(l *live, clients *load, kills ...kill) {
	l.t.Helper()
	failed := clients.stop()
	for _, f := range failed {
		inFlight := slices.ContainsFunc(kills, func(k kill) bool {
			return f.began.Before(k.until) && f.ended.After(k.from)
		})
		if f.method != http.MethodPost || f.status != http.StatusBadGateway || !inFlight {
			l.t.Errorf("%s failed: status %d, %v; in flight at a kill: %v", f.method, f.status, f.err, inFlight)
		}
	}
	s := l.fresh().Traffic
	if int(s.Errors) != len(failed) || s.Refused > 0 {
		l.t.Errorf("%d requests failed; the master counts %d, and %d refused", len(failed), s.Errors, s.Refused)
	}
	l.t.Logf("of %d requests %d POSTs failed", clients.sent.Load(), len(failed))
}

// gate holds programs back before they start.
type gate struct {
	t    *testing.T
	path string
	fifo *os.File
}

func newGate(t *testing.T) *gate {
	t.Helper()
	g := &gate{t: t, path: filepath.Join(t.TempDir(), "gate")}
	if err := syscall.Mkfifo(g.path, 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if g.fifo, err = os.OpenFile(g.path, os.O_RDWR, 0); err != nil { // never at its end
		t.Fatal(err)
	}
	t.Cleanup(func() { g.fifo.Close() })
	return g
}

// program returns a command that becomes argv once it is admitted.
func (g *gate) program(argv []string) []string {
	return append([]string{"sh", "-c", `read line <"$0" && exec "$@"`, g.path}, argv...)
}

// admit lets n programs start.
func (g *gate) admit(n int) {
	g.t.Helper()
	for range n {
		if _, err := g.fifo.WriteString("\n"); err != nil {
			g.t.Fatal(err)
		}
	}
}
