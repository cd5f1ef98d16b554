package cluster

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	xhttp2 "golang.org/x/net/http2"
)

// visitor asks one request after the other on a connection that it keeps for as
// long as the server lets it.
type visitor struct {
	*http.Client
	url    string
	newest atomic.Int64 // the generation that answered last
}

func newH2CVisitor(t *testing.T, addr string) *visitor {
	t.Helper()
	tr := &http.Transport{Protocols: new(http.Protocols)}
	tr.Protocols.SetUnencryptedHTTP2(true)
	t.Cleanup(tr.CloseIdleConnections)
	return &visitor{Client: &http.Client{Transport: tr, Timeout: deadline}, url: "http://127.0.0.1" + addr}
}

// ask returns who has answered.
func (v *visitor) ask() (generation, pid int, err error) {
	resp, err := v.Get(v.url)
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = fmt.Fscan(resp.Body, &generation, &pid)
	return generation, pid, err
}

// visit asks until told to stop, and fails the test if a request fails or is
// answered by an older generation than the one before.
func (v *visitor) visit(t *testing.T, stop *atomic.Bool) {
	t.Helper()
	for !stop.Load() {
		generation, _, err := v.ask()
		if before := v.newest.Swap(int64(generation)); err != nil || int64(generation) < before {
			t.Errorf("answered by generation %d after %d, %v", generation, before, err)
			return
		}
	}
}

// reach waits until a generation has answered.
func (v *visitor) reach(t *testing.T, generation int64) {
	t.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	timeout := time.NewTimer(deadline)
	defer timeout.Stop()
	for !t.Failed() && v.newest.Load() != generation {
		select {
		case <-look.C:
		case <-timeout.C:
			t.Fatalf("generation %d answers, want %d", v.newest.Load(), generation)
		}
	}
}

// TestHTTP2FollowsNewCode rolls new code out, and everything else that replaces
// workers, under clients that keep their HTTP/2 connections. Nothing fails, and
// nobody sees old code after new.
func TestHTTP2FollowsNewCode(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("h2c", addr), Workers: 3})
	await[WorkerReady](l, 3)
	visitors := [...]*visitor{newH2CVisitor(t, addr), newH2CVisitor(t, addr), newH2CVisitor(t, addr)}
	var stop atomic.Bool
	var all sync.WaitGroup
	for _, v := range visitors {
		all.Go(func() { v.visit(t, &stop) })
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
	}
	argv := program("h2c", addr)
	for range 3 {
		must(l.RollOut(Program{Path: argv[0], Argv: argv, InPlace: true}, "h2c.go"))
		if receipt := await[ReloadDone](l, 1)[0]; receipt.Failed > 0 {
			t.Errorf("the receipt says %+v", receipt)
		}
		newest := int64(l.fresh().Generation)
		for _, v := range visitors {
			v.reach(t, newest)
		}
	}
	must(l.Reload("you"))
	await[ReloadDone](l, 1)
	must(l.Scale(1, "you"))
	await[WorkerExited](l, 2)
	must(l.Restart(1))
	await[WorkerExited](l, 1)
	stop.Store(true)
	all.Wait()
	if s := l.fresh().Traffic; s.Errors+s.Refused > 0 || s.Requests == 0 {
		t.Errorf("of %d requests %d failed and %d were refused", s.Requests, s.Errors, s.Refused)
	}
}

// TestQuietHTTP2HoldsNoWorkerUp leaves connections open and unused, one of a client
// that does nothing about what it is told. With a limit that is longer than the
// test may take, a restart and the end of the cluster still come about.
func TestQuietHTTP2HoldsNoWorkerUp(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("h2c", addr), Workers: 1, StopTimeout: 2 * deadline})
	first := await[WorkerReady](l, 1)[0]
	v := newH2CVisitor(t, addr)
	deaf := rawH2C(t, addr)
	if _, pid, err := v.ask(); err != nil || pid != first.PID {
		t.Fatalf("answered by %d, %v", pid, err)
	}
	if err := l.Restart(1); err != nil {
		t.Fatal(err)
	}
	if exit := await[WorkerExited](l, 1)[0]; exit.PID != first.PID || !exit.Expected || exit.Signal != "SIGTERM" {
		t.Errorf("the exit is told as %+v", exit)
	}
	goneAway(t, deaf)
	if _, pid, err := v.ask(); err != nil || pid == first.PID {
		t.Errorf("answered by %d, %v", pid, err)
	}
	rawH2C(t, addr) // for the end
}

// rawH2C returns a connection on which both sides have said their settings.
func rawH2C(t *testing.T, addr string) *xhttp2.Framer {
	t.Helper()
	conn, err := net.Dial("tcp", "127.0.0.1"+addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(deadline))
	if _, err := io.WriteString(conn, xhttp2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	fr := xhttp2.NewFramer(conn, conn)
	if err := fr.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	for acknowledged := false; !acknowledged; {
		f, err := fr.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		settings, ok := f.(*xhttp2.SettingsFrame)
		acknowledged = ok && settings.IsAck()
	}
	return fr
}

// goneAway wants the client to be told twice, the second time that nothing of it
// was served, and then the end.
func goneAway(t *testing.T, fr *xhttp2.Framer) {
	t.Helper()
	var last []uint32
	for {
		f, err := fr.ReadFrame()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if g, ok := f.(*xhttp2.GoAwayFrame); ok {
			last = append(last, g.LastStreamID)
		}
	}
	if len(last) != 2 || last[0] != 1<<31-1 || last[1] != 0 {
		t.Errorf("told to go after streams %v", last)
	}
}
