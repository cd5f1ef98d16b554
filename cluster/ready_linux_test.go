package cluster

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestReadyByNotify(t *testing.T) {
	addr := freeAddr(t)
	notify := Ready{Kind: ReadyNotify}
	l := startLive(t, Options{Command: program("notify", addr, "READY=1"), Workers: 1, Ready: notify})
	ready := await[WorkerReady](l, 1)[0]
	if a, err := ask(client(t, false), addr, nil); err != nil || a.pid != ready.PID {
		t.Errorf("%+v answered (%v) for %+v", a, err, ready)
	}
}

// TestNotificationsOfAReadyWorker: programs go on to tell their state, and may fail
// if nobody hears.
func TestNotificationsOfAReadyWorker(t *testing.T) {
	l := startLive(t, Options{
		Command: program("notify", freeAddr(t), "READY=1"), Workers: 1, Ready: Ready{Kind: ReadyNotify},
	})
	ready := await[WorkerReady](l, 1)[0]
	path := variable(t, ready.PID, "NOTIFY_SOCKET")
	conn, err := net.Dial("unixgram", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	for range 1000 { // more than wait unread (unix(7), max_dgram_qlen)
		if _, err := conn.Write([]byte("WATCHDOG=1")); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Kill(1); err != nil {
		t.Fatal(err)
	}
	await[WorkerReady](l, 1)
	if _, err := os.Stat(filepath.Dir(path)); !os.IsNotExist(err) {
		t.Errorf("left behind: %s (%v)", path, err)
	}
}

// variable returns what a process has in its environment under a name.
func variable(t *testing.T, pid int, name string) string {
	t.Helper()
	env, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil {
		t.Fatal(err)
	}
	for kv := range strings.SplitSeq(string(env), "\x00") {
		if value, found := strings.CutPrefix(kv, name+"="); found {
			return value
		}
	}
	t.Fatalf("pid %d has no %s", pid, name)
	return ""
}

// It listens, but says no more than that it will be ready.
func TestNotReadyWithoutTheNotification(t *testing.T) {
	l := startLive(t, Options{
		Command: program("notify", freeAddr(t), "READY=0"), Workers: 1,
		Ready: Ready{Kind: ReadyNotify}, ReadyTimeout: time.Second,
	})
	exit := await[WorkerExited](l, 1)[0]
	if exit.Reason != "not ready within 1s" || exit.Signal != "SIGKILL" {
		t.Errorf("ended by %+v", exit)
	}
	await[RestartScheduled](l, 1)
	for _, e := range l.seen {
		if e.Name() == "worker_ready" {
			t.Error("it was taken for ready")
		}
	}
}

func TestLimitTooShortForAProgramWithoutAPort(t *testing.T) {
	l := startLive(t, Options{Command: []string{"sleep", "1000"}, Workers: 1, ReadyTimeout: time.Second})
	want := "no port seen within 1s: raise --ready-timeout above 3s, after which a program without one counts as ready"
	if exit := await[WorkerExited](l, 1)[0]; exit.Reason != want {
		t.Errorf("ended by %+v", exit)
	}
}

// With a port named it is known that the program is to listen.
func TestNotReadyWhileTheNamedPortIsNotListenedOn(t *testing.T) {
	l := startLive(t, Options{
		Command: []string{"sleep", "1000"}, Workers: 1, ReadyTimeout: time.Second, Ports: []string{freeAddr(t)},
	})
	if exit := await[WorkerExited](l, 1)[0]; exit.Reason != "not ready within 1s" {
		t.Errorf("ended by %+v", exit)
	}
}

func TestReadyByHTTP(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{
		Command: program("http", addr), Workers: 2, Ready: Ready{Kind: ReadyHTTP, Path: "/"},
	})
	await[WorkerReady](l, 2)
	if _, err := ask(client(t, false), addr, nil); err != nil {
		t.Error(err)
	}
}

func TestNotReadyWhileHTTPAnswersNotFound(t *testing.T) {
	l := startLive(t, Options{
		Command: program("http", freeAddr(t)), Workers: 1,
		Ready: Ready{Kind: ReadyHTTP, Path: "/missing"}, ReadyTimeout: time.Second,
	})
	if exit := await[WorkerExited](l, 1)[0]; exit.Reason != "not ready within 1s" {
		t.Errorf("ended by %+v", exit)
	}
}

func TestReadyByDelay(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{
		Command: program("http", addr), Workers: 1, Ready: Ready{Kind: ReadyDelay, Delay: time.Second},
	})
	if ready := await[WorkerReady](l, 1)[0]; ready.TookMS < 1000 {
		t.Errorf("too early: %+v", ready)
	}
	if _, err := ask(client(t, false), addr, nil); err != nil {
		t.Error(err)
	}
}

func TestPortGivenToPrograms(t *testing.T) {
	for _, name := range []string{"port", "passed"} {
		t.Run(name, func(t *testing.T) {
			addr := freeAddr(t)
			l := startLive(t, Options{
				Command: program(name), Workers: 2, Ports: []string{addr}, NoAdopt: true,
			})
			await[WorkerReady](l, 2)
			slots := map[int]bool{}
			for range 10 {
				a, err := ask(client(t, false), addr, nil)
				if err != nil {
					t.Fatal(err)
				}
				slots[a.slot] = true
			}
			if len(slots) != 2 {
				t.Errorf("answered by %v", slots)
			}
			if s := l.fresh(); s.Adoption != "env (switched off)" {
				t.Errorf("adoption is %q", s.Adoption)
			}
		})
	}
}

// TestSecondPortWithoutAdoption is not opened: nobody would serve it.
func TestSecondPortWithoutAdoption(t *testing.T) {
	first, second := freeAddr(t), freeAddr(t)
	l := startLive(t, Options{Command: program("port"), Workers: 1, Ports: []string{first, second}, NoAdopt: true})
	warning := await[Warning](l, 1)[0].Text
	if want := second + " is not opened"; !strings.HasPrefix(warning, want) {
		t.Errorf("warned with %q, want %q", warning, want)
	}
	await[WorkerReady](l, 1)
	if _, err := ask(client(t, false), first, nil); err != nil {
		t.Error(err)
	}
	if c, err := net.Dial("tcp", second); err == nil {
		_ = c.Close()
		t.Error("the second port is open")
	}
}

func TestPortHeldBySomebodyElse(t *testing.T) {
	held, err := net.Listen("tcp", ":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	addr := fmt.Sprintf(":%d", held.Addr().(*net.TCPAddr).Port)
	l := startLive(t, Options{Command: program("http", addr), Workers: 1})
	warning := await[Warning](l, 1)[0].Text
	for _, want := range []string{"listen on " + addr + ": address already in use", fmt.Sprintf("pid %d", os.Getpid())} {
		if !strings.Contains(warning, want) {
			t.Errorf("warned with %q, which has no %q", warning, want)
		}
	}
	exit := await[WorkerExited](l, 1)[0]
	if exit.Code != 1 || !strings.Contains(exit.Reason, fmt.Sprintf("%s in use by pid %d ", addr, os.Getpid())) {
		t.Errorf("the program ended by %+v", exit)
	}
}

func TestGivenPortHeldBySomebodyElse(t *testing.T) {
	held, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = held.Close() })
	before := countDescriptors(t)
	c, err := Start(Options{Command: program("port"), Ports: []string{held.Addr().String()}})
	if c != nil || err == nil || !strings.Contains(err.Error(), fmt.Sprintf("pid %d", os.Getpid())) {
		t.Errorf("started with %v", err)
	}
	if n := countDescriptors(t); n > before {
		t.Errorf("%d descriptors are open, %d were before", n, before)
	}
}

// A worker that listens on nothing may have bound a socket all the same, to
// connect from a port of its choice.
func TestClientWithAPortOfItsOwnIsPlain(t *testing.T) {
	peer, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = peer.Close() })
	l := startLive(t, Options{
		Command: program("dial", "127.0.0.1"+freeAddr(t), peer.Addr().String()), Workers: 1,
		ReadyTimeout: 2 * plainAfter,
	})
	await[WorkerReady](l, 1)
	for _, e := range l.seen {
		if exited, ok := e.Data.(WorkerExited); ok {
			t.Errorf("it ended first: %s", exited.Reason)
		}
	}
}
