package cluster

import (
	"crypto/tls"
	"net/http"
	"testing"
)

func newTLSVisitor(t *testing.T, addr string) *visitor {
	t.Helper()
	tr := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(tr.CloseIdleConnections)
	return &visitor{Client: &http.Client{Transport: tr, Timeout: deadline}, url: "https://127.0.0.1" + addr}
}

// TestQuietTLSHoldsNoWorkerUp leaves a connection open that nobody can look into,
// as a browser does. With a limit that is longer than the test may take, a restart
// and the end of the cluster still come about.
func TestQuietTLSHoldsNoWorkerUp(t *testing.T) {
	addr := freeAddr(t)
	l := startLive(t, Options{Command: program("tls", addr), Workers: 1, StopTimeout: 2 * deadline})
	first := await[WorkerReady](l, 1)[0]
	v := newTLSVisitor(t, addr)
	if _, pid, err := v.ask(); err != nil || pid != first.PID {
		t.Fatalf("answered by %d, %v", pid, err)
	}
	if err := l.Restart(1); err != nil {
		t.Fatal(err)
	}
	if exit := await[WorkerExited](l, 1)[0]; exit.PID != first.PID || !exit.Expected || exit.Signal != "SIGTERM" {
		t.Errorf("the exit is told as %+v", exit)
	}
	// The connection that this opens is left for the end.
	if _, pid, err := v.ask(); err != nil || pid == first.PID {
		t.Errorf("answered by %d, %v", pid, err)
	}
}
