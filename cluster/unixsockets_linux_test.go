package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func init() {
	systemPrograms["unix"] = func(args []string) error { return serveUnix(args[0], args[1:]) } // PATH [ADDR]
	systemPrograms["anew"] = func(args []string) error {                                       // PATH
		if err := os.Remove(args[0]); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
		return serveUnix(args[0], nil)
	}
}

// serveUnix is a server as Go programs are: it removes its socket's file when it
// ends, after SIGTERM and all that it was asked. It may listen on ports besides.
func serveUnix(path string, ports []string) error {
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	s, ended := &http.Server{}, make(chan error, 1)
	go func() {
		<-asked
		ended <- s.Shutdown(context.Background())
	}()
	for _, addr := range ports {
		go func() { _ = http.ListenAndServe(addr, nil) }() // as long as the process
	}
	http.HandleFunc("/", echo)
	if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

// nodeUnix does the same, with Node's http and its users' recipe.
const nodeUnix = `
const fs = require('fs'), path = process.argv[1]
try { fs.unlinkSync(path) } catch {}
const server = require('http').createServer(async (req, res) => {
	const body = []
	for await (const piece of req) body.push(piece)
	res.end(process.env.GCL_WORKER + ' ' + process.pid + ' ' + Buffer.concat(body))
})
server.listen(path)
process.on('SIGTERM', () => server.close(() => process.exit(0)))`

// unixPath returns a path that is short enough for a socket, unix(7).
func unixPath(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cluster") //nolint:usetesting // t.TempDir is too long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return filepath.Join(dir, "s")
}

// overUnix returns a client of a Unix socket, each request of which has a
// connection of its own.
func overUnix(t *testing.T, path string) *http.Client {
	t.Helper()
	c := client(t, false)
	c.Transport.(*http.Transport).DialContext = func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", path)
	}
	return c
}

func TestUnixSocketIsShared(t *testing.T) {
	for _, balance := range []Balance{LeastInFlight, RoundRobin, Kernel} {
		t.Run(string(balance), func(t *testing.T) {
			path := unixPath(t)
			l := startLive(t, Options{Command: program("unix", path), Workers: 3, Balance: balance})
			if opened := await[PortOpened](l, 1)[0]; opened.Addr != "unix:"+path {
				t.Errorf("told of as %s", opened.Addr)
			}
			await[WorkerReady](l, 3)
			c, slots := overUnix(t, path), map[int]bool{}
			for len(slots) < 3 && l.ctx.Err() == nil {
				a, err := ask(c, "", nil)
				if err != nil {
					t.Fatal(err)
				}
				slots[a.slot] = true
			}
			s := l.fresh()
			if !slices.Equal(s.Addrs, []string{"unix:" + path}) || s.Traffic.Known {
				t.Errorf("shown at %v, traffic known: %v", s.Addrs, s.Traffic.Known)
			}
			l.Stop()
			if err := l.Wait(l.ctx); err != nil {
				t.Error(err)
			}
			if _, err := os.Lstat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("the last worker's file: %v", err)
			}
		})
	}
}

// The path leads to the workers at every moment, whatever they do with its file.
func TestChangesUnderLoadLoseNothingOnUnixSockets(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal(err)
	}
	path := unixPath(t)
	for name, command := range map[string][]string{
		"go":                      program("unix", path),
		"go that removes first":   program("anew", path),
		"node that removes first": {node, "-e", nodeUnix, path},
	} {
		t.Run(name, func(t *testing.T) {
			l := startLive(t, Options{Command: command, Workers: 4})
			await[WorkerReady](l, 4)
			clients := startLoad(t, path, false)
			clients.more(1000)
			rollScaleRestart(l, clients)
			clients.none()
			if receipt := lastReload(l); receipt.Requests != unknown || receipt.Failed != unknown {
				t.Errorf("the receipt says %+v", receipt)
			}
		})
	}
}

// No old code answers after new, unless that fails and all of the old is back.
func TestReloadShiftsUnixSockets(t *testing.T) {
	path := unixPath(t)
	l := startLive(t, Options{Command: program("unix", path), Workers: 3})
	await[WorkerReady](l, 3)
	argv, c := program("unix", path), overUnix(t, path)
	reload := func() {
		t.Helper()
		if err := l.RollOut(Program{Path: argv[0], Argv: argv, InPlace: true}, "main.go"); err != nil {
			t.Fatal(err)
		}
	}
	reload()
	var pids []int
	ended := make(chan []ReloadDone, 1)
	go func() { ended <- await[ReloadDone](l, 1) }()
	for done := false; !done; {
		a, err := ask(c, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, a.pid)
		select {
		case <-ended:
			done = true
		default:
		}
	}
	gen := generations(l)
	for i := 1; i < len(pids); i++ {
		if gen[pids[i]] < gen[pids[i-1]] {
			t.Fatalf("generation %d answers after %d", gen[pids[i]], gen[pids[i-1]])
		}
	}

	reload()
	canary := await[WorkerReady](l, 1)[0]
	if a, err := ask(c, "", nil); err != nil || a.pid != canary.PID {
		t.Fatalf("%+v answered (%v), want the canary, %d", a, err, canary.PID)
	}
	if err := syscall.Kill(canary.PID, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await[ReloadFailed](l, 1)
	for old := false; !old; { // one of them at least has not ended meanwhile
		a, err := ask(c, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		old = slices.Contains(pids, a.pid)
	}
}

// generations returns those of the workers that have been ready, by process id.
func generations(l *live) map[int]int {
	gen := map[int]int{}
	for _, e := range l.seen {
		if d, ok := e.Data.(WorkerReady); ok {
			gen[d.PID] = d.Generation
		}
	}
	return gen
}

// lastReload returns the receipt of the latest reload that was told of.
func lastReload(l *live) (last ReloadDone) {
	for _, e := range l.seen {
		if d, ok := e.Data.(ReloadDone); ok {
			last = d
		}
	}
	return last
}

// A killed worker leaves its file, which would be in its successor's way, and
// clients that wait.
func TestUnixSocketOutlastsKilledWorkers(t *testing.T) {
	path := unixPath(t)
	l := startLive(t, Options{Command: program("unix", path), Workers: 1})
	for range 3 {
		pid := await[WorkerReady](l, 1)[0].PID
		if a, err := ask(overUnix(t, path), "", nil); err != nil || a.pid != pid {
			t.Fatalf("%+v answered (%v), want %d", a, err, pid)
		}
		if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		if err := unix.Waitid(unix.P_PID, pid, nil, unix.WSTOPPED|unix.WNOWAIT, nil); err != nil { // all its threads
			t.Fatal(err)
		}
		waiting, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(waiting, "GET / HTTP/1.0\r\n\r\n"); err != nil {
			t.Error(err)
		}
		if got, err := io.ReadAll(waiting); err != nil || len(got) == 0 {
			t.Errorf("who waited got %q (%v)", got, err)
		}
		_ = waiting.Close()
	}
}

// A worker that is killed takes with it only what it has accepted.
func TestKillUnderLoadOnUnixSockets(t *testing.T) {
	path := unixPath(t)
	l := startLive(t, Options{Command: program("unix", path), Workers: 4})
	up := workers{live: l, pids: map[int]int{}}
	up.await(0, 4)
	clients := startLoad(t, path, false)
	for _, victims := range [][]int{{1}, {2, 3}, {1, 2, 3, 4}} {
		clients.more(1500)
		up.kill(victims...)
		up.await(0, len(victims))
	}
	clients.more(1500)
	for _, f := range clients.stop() {
		var op *net.OpError
		if errors.As(f.err, &op) && op.Op == "dial" {
			t.Errorf("a client could not connect: %v", f.err)
		}
	}
}

func TestUnixSocketBesideAPort(t *testing.T) {
	path, addr := unixPath(t), freeAddr(t)
	l := startLive(t, Options{Command: program("unix", path, addr), Workers: 2})
	await[WorkerReady](l, 2)
	await[PortOpened](l, 2-len(l.fresh().Addrs))
	over, seen := map[string]*http.Client{"": overUnix(t, path), addr: client(t, false)}, map[string]bool{}
	for len(seen) < 4 && l.ctx.Err() == nil {
		for at, c := range over {
			a, err := ask(c, at, nil)
			if err != nil {
				t.Fatal(err)
			}
			seen[fmt.Sprint(at, a.slot)] = true
		}
	}
	if !l.fresh().Traffic.Known {
		t.Error("the port's traffic is not known")
	}
}

// With one worker, which ends before its successor starts, clients wait.
func TestUnixSocketWithoutAWorkerForAMoment(t *testing.T) {
	path := unixPath(t)
	l := startLive(t, Options{Command: program("unix", path), Workers: 1, StopFirst: true})
	await[WorkerReady](l, 1)
	clients := startLoad(t, path, false)
	clients.more(500)
	for range 3 {
		if err := l.Reload("you"); err != nil {
			t.Fatal(err)
		}
		await[ReloadDone](l, 1)
		clients.more(500)
	}
	clients.none()
}
