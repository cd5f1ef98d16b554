package cluster

import (
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestKernelSpreadsConnectionsOverReadyWorkers(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 2, Balance: Kernel})
	await[WorkerReady](l, 2)
	c := client(t, false)
	answers := map[int]int{}
	for len(answers) < 2 { // each is picked with even odds; the deadline of the client ends it
		a, err := ask(c, addr, nil)
		if err != nil {
			t.Fatal(err)
		}
		answers[a.slot]++
	}
	if s := l.fresh(); s.Traffic.Known || s.Traffic.Requests != 0 || len(s.Addrs) != 1 {
		t.Errorf("the master claims to have seen %+v on %v", s.Traffic, s.Addrs)
	}
}

func TestKernelRollLosesNoConnection(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 2, Balance: Kernel})
	await[WorkerReady](l, 2)
	if err := l.Reload("you"); err != nil {
		t.Fatal(err)
	}
	c := client(t, false)
	done := make(chan struct{})
	failed := make(chan error, 1)
	go func() {
		defer close(failed)
		for {
			if _, err := ask(c, addr, nil); err != nil {
				failed <- err
				return
			}
			select {
			case <-done:
				return
			default:
			}
		}
	}()
	await[ReloadDone](l, 1)
	close(done)
	if err := <-failed; err != nil {
		t.Error(err)
	}
}

// The connections are made while the only worker is stopped, so they wait in
// its accept queue when it is killed.
func TestKernelCarriesOverWhatADeadWorkerHasQueued(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 1, Balance: Kernel})
	first := await[WorkerReady](l, 1)[0]
	pause(t, first.PID)
	var conns []net.Conn
	for range 8 {
		conn, err := net.Dial("tcp", "127.0.0.1"+addr)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	if err := l.Kill(1); err != nil {
		t.Fatal(err)
	}
	for i, conn := range conns {
		_ = conn.SetDeadline(time.Now().Add(deadline))
		buf := make([]byte, 12)
		if n, err := conn.Read(buf); err != nil || !strings.HasPrefix(string(buf[:n]), "HTTP/1.1 200") {
			t.Errorf("connection %d got %q (%v)", i+1, buf[:n], err)
		}
	}
}

// A port that the user named on the wildcard gives way to what the program binds.
func TestKernelTakesTheProgramsAddress(t *testing.T) {
	port := netip.MustParseAddrPort("127.0.0.1" + freeAddr(t)).Port()
	addr := netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), port).String()
	l := startLive(t, Options{
		Command: program("http", addr), Workers: 2, Balance: Kernel, Ports: []string{strings.TrimPrefix(addr, "127.0.0.1:")},
	})
	await[WorkerReady](l, 2)
	if got := l.fresh().Addrs; !slices.Equal(got, []string{addr}) {
		t.Errorf("the public addresses are %v, want %s", got, addr)
	}
	if _, err := ask(client(t, false), ":"+strings.TrimPrefix(addr, "127.0.0.1:"), nil); err != nil {
		t.Error(err)
	}
}

// A port that the user named takes IPv4 too, until the program binds it without.
func TestKernelTakesAPortForIPv6Only(t *testing.T) {
	port := strings.TrimPrefix(freeAddr(t), ":")
	l := startLive(t, Options{
		Command: program("only6", ":"+port), Workers: 2, Balance: Kernel, Ports: []string{port},
	})
	if e := await[WorkerReady](l, 2); len(e) != 2 {
		t.Errorf("ready are %v", e)
	}
	resp, err := client(t, false).Get("http://[::1]:" + port)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
}

func TestKernelCountsConnectionsByWorker(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("http", addr), Workers: 1, Balance: Kernel})
	await[WorkerReady](l, 1)
	c := client(t, true)
	if _, err := ask(c, addr, nil); err != nil {
		t.Fatal(err)
	}
	end := time.Now().Add(deadline)
	for {
		w := l.Snapshot().Workers[0]
		if w.Sockets != nil && w.Sockets.Conns == 1 && w.Sockets.BytesIn > 0 && w.Sockets.BytesOut > 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the kernel says %+v", w.Sockets)
		}
		runtime.Gosched()
	}
}

func TestKernelNeedsAdoption(t *testing.T) {
	_, err := Start(Options{Command: program("http", ":1"), Balance: Kernel, NoAdopt: true})
	if err == nil || !strings.Contains(err.Error(), "balance kernel needs adoption") {
		t.Errorf("it says %v", err)
	}
}
