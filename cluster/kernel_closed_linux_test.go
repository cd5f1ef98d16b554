package cluster

import (
	"net"
	"strings"
	"testing"
	"time"
)

// TestKernelPassesOverWhoHasClosedItsListener: what has been queued at the worker
// that no longer accepts goes on to the other one, which gets all that comes then.
func TestKernelPassesOverWhoHasClosedItsListener(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("closing", addr), Workers: 2, Balance: Kernel})
	await[WorkerReady](l, 2)
	c := client(t, false)
	resp, err := c.Get("http://127.0.0.1" + addr + "/close")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	answers := make(chan error)
	const requests = 20 // so that with near certainty one is queued at either
	for range requests {
		go func() {
			_, err := ask(c, addr, nil)
			answers <- err
		}()
	}
	if text := await[Warning](l, 1)[0].Text; !strings.Contains(text, "has closed its listener at "+addr) {
		t.Errorf("the warning is %q", text)
	}
	for range requests {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	served := map[int]bool{}
	for range requests {
		a, err := ask(c, addr, nil)
		if err != nil {
			t.Fatal(err)
		}
		served[a.slot] = true
	}
	if len(served) != 1 {
		t.Errorf("workers %v have answered, want one", served)
	}
}

// TestKernelHoldsWhileTheOnlyListenerIsClosed: connections wait for the next
// worker as if there were none.
func TestKernelHoldsWhileTheOnlyListenerIsClosed(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("closing", addr), Workers: 1, Balance: Kernel})
	await[WorkerReady](l, 1)
	resp, err := client(t, false).Get("http://127.0.0.1" + addr + "/close")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	conn, err := net.Dial("tcp", "127.0.0.1"+addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(deadline))
	if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
		t.Fatal(err)
	}
	await[Warning](l, 1)
	if err := l.Restart(1); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 12)
	if n, err := conn.Read(buf); err != nil || !strings.HasPrefix(string(buf[:n]), "HTTP/1.1 200") {
		t.Errorf("the answer is %q (%v)", buf[:n], err)
	}
}
