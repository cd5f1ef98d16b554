package cluster

import (
	"io"
	"strings"
	"sync"
	"syscall"
	"testing"
)

func TestWorkersShareThePortOfAnUnchangedProgram(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 2})
	await[WorkerReady](l, 2)
	c := client(t, false)
	pids := map[int]int{}
	for range 10 {
		a, err := ask(c, addr, nil)
		if err != nil {
			t.Fatal(err)
		}
		pids[a.slot] = a.pid
	}
	if len(pids) != 2 || pids[1] == pids[2] {
		t.Errorf("answered by %v", pids)
	}
	s := l.fresh()
	if len(s.Addrs) != 1 || s.Addrs[0] != addr || s.Adoption != "seccomp" {
		t.Errorf("%v is shared by %s", s.Addrs, s.Adoption)
	}
}

// TestFamiliesShareAPortNumber has a program with a socket for each family. What
// stands for the first one is on IPv4 as well, where it must not be in the way of
// the second.
func TestFamiliesShareAPortNumber(t *testing.T) {
	port := strings.TrimPrefix(freeAddr(t), ":")
	l := startLive(t, Options{Command: program("apart", port), Workers: 2})
	await[PortOpened](l, 2)
	for _, host := range []string{"127.0.0.1", "[::1]"} {
		resp, err := client(t, false).Get("http://" + host + ":" + port)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
	}
}

// TestOwnSocketIsInTheWay has a program listen at one address and then at all with
// the same number, which the first is in the way of as it would be without us.
func TestOwnSocketIsInTheWay(t *testing.T) {
	port := strings.TrimPrefix(freeAddr(t), ":")
	l := startLive(t, Options{Command: program("clash", port), Workers: 1})
	await[PortOpened](l, 1)
	if _, err := ask(client(t, false), ":"+port, nil); err != nil {
		t.Errorf("%v, after %s", err, l.told())
	}
}

func TestKilledWorkerIsNotMissed(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 2})
	await[WorkerReady](l, 2)
	c := client(t, true)
	a, err := ask(c, addr, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(a.pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for range 50 {
		if _, err := ask(c, addr, nil); err != nil {
			t.Fatal(err)
		}
	}
	exit := await[WorkerExited](l, 1)[0]
	if exit.PID != a.pid || exit.Worker != a.slot || exit.Signal != "SIGKILL" || exit.Code != -1 || exit.Expected {
		t.Errorf("the exit of %d in w%d is told as %+v", a.pid, a.slot, exit)
	}
	ready := await[WorkerReady](l, 1)[0]
	if ready.Worker != a.slot || ready.PID == a.pid {
		t.Errorf("w%d came back as %+v", a.slot, ready)
	}
}

func TestManyWorkersComeAndGo(t *testing.T) {
	const many = 64
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: many, ReadyTimeout: deadline})
	await[WorkerReady](l, many)
	if err := l.Scale(1, "you"); err != nil {
		t.Fatal(err)
	}
	for _, exit := range await[WorkerExited](l, many-1) {
		if !exit.Expected || exit.Worker == 1 {
			t.Errorf("not asked for: %+v", exit)
		}
	}
	if err := l.Scale(many, "you"); err != nil {
		t.Fatal(err)
	}
	slots := map[int]bool{}
	for _, ready := range await[WorkerReady](l, many-1) {
		slots[ready.Worker] = true
	}
	if len(slots) != many-1 || slots[1] {
		t.Errorf("slots %v were filled", slots)
	}
	if _, err := ask(client(t, false), addr, nil); err != nil {
		t.Error(err)
	}
	for i, e := range l.seen {
		if e.Seq != uint64(i)+1 {
			t.Fatalf("event %d has number %d", i+1, e.Seq)
		}
	}
}

func TestRollUnderLoadLosesNothing(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 2})
	await[WorkerReady](l, 2)
	stop := make(chan struct{})
	var clients sync.WaitGroup
	for range 4 {
		c := client(t, true)
		clients.Go(func() {
			for n := 0; ; n++ {
				if _, err := ask(c, addr, nil); err != nil {
					t.Errorf("request %d: %v", n, err)
					return
				}
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	if err := l.Reload("you"); err != nil {
		t.Error(err)
	}
	receipt := await[ReloadDone](l, 1)[0]
	close(stop)
	clients.Wait()
	if receipt.Failed != 0 || receipt.Requests == 0 {
		t.Errorf("the receipt says %+v", receipt)
	}
	if s := l.fresh(); s.Traffic.Errors+s.Traffic.Refused != 0 {
		t.Errorf("%d errors, %d refused", s.Traffic.Errors, s.Traffic.Refused)
	}
}

func TestDrainWaitsForWhatIsInFlight(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 1, StopTimeout: deadline})
	ready := await[WorkerReady](l, 1)[0]
	body, finish := io.Pipe()
	got := make(chan answer)
	c := client(t, true)
	go func() {
		a, err := ask(c, addr, body)
		if err != nil {
			t.Error(err)
		}
		got <- a
	}()
	if _, err := io.WriteString(finish, "half, "); err != nil {
		t.Fatal(err)
	}
	awaitInFlight(l)
	if err := l.StopWorker(1); err != nil {
		t.Fatal(err)
	}
	if d := await[WorkerDraining](l, 1)[0]; d.InFlight != 1 || d.PID != ready.PID {
		t.Errorf("drains as %+v", d)
	}
	if _, err := io.WriteString(finish, "whole"); err != nil {
		t.Fatal(err)
	}
	if err := finish.Close(); err != nil {
		t.Error(err)
	}
	if a := <-got; a.body != "half, whole" || a.pid != ready.PID {
		t.Errorf("answered %+v", a)
	}
	if exit := await[WorkerExited](l, 1)[0]; exit.Signal != "SIGTERM" || !exit.Expected {
		t.Errorf("ended by %+v", exit)
	}
}

// awaitInFlight waits for the request to have reached the worker.
func awaitInFlight(l *live) {
	l.t.Helper()
	for l.fresh().Traffic.InFlight == 0 {
		if l.ctx.Err() != nil {
			l.t.Fatal("no request came to the worker")
		}
	}
}

func TestDeafWorkerIsKilled(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("deaf", addr), Workers: 1, StopTimeout: 1})
	await[WorkerReady](l, 1)
	l.Stop()
	exit := await[WorkerExited](l, 1)[0]
	if exit.Signal != "SIGKILL" || !exit.Expected || exit.Reason != "killed: did not stop within 1ns" {
		t.Errorf("ended by %+v", exit)
	}
}
