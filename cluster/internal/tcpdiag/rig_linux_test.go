package tcpdiag

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"testing"
	"time"
)

// deadline bounds every wait of a test.
const deadline = time.Minute

// listen opens a listener that lives as long as the test.
func listen(tb testing.TB, network, addr string, mptcp bool) *net.TCPListener {
	tb.Helper()
	var lc net.ListenConfig
	lc.SetMultipathTCP(mptcp)
	l, err := lc.Listen(tb.Context(), network, addr)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = l.Close() })
	tcp := l.(*net.TCPListener)
	if err := tcp.SetDeadline(time.Now().Add(deadline)); err != nil {
		tb.Fatal(err)
	}
	return tcp
}

func portOf(l net.Listener) uint16 { return uint16(l.Addr().(*net.TCPAddr).Port) }

// dial connects to a listener's port at a host.
func dial(tb testing.TB, l net.Listener, host string, mptcp bool) *net.TCPConn {
	tb.Helper()
	d := net.Dialer{Timeout: deadline}
	d.SetMultipathTCP(mptcp)
	addr := netip.AddrPortFrom(netip.MustParseAddr(host), portOf(l))
	c, err := d.DialContext(tb.Context(), "tcp", addr.String())
	if err != nil {
		tb.Fatal(err)
	}
	return keep(tb, c)
}

func accept(tb testing.TB, l net.Listener) *net.TCPConn {
	tb.Helper()
	c, err := l.Accept()
	if err != nil {
		tb.Fatal(err)
	}
	return keep(tb, c)
}

func keep(tb testing.TB, c net.Conn) *net.TCPConn {
	tb.Helper()
	tb.Cleanup(func() { _ = c.Close() })
	if err := c.SetDeadline(time.Now().Add(deadline)); err != nil {
		tb.Fatal(err)
	}
	return c.(*net.TCPConn)
}

// carry sends n bytes and reads them at the other end.
func carry(tb testing.TB, from io.Writer, to io.Reader, n int64) {
	tb.Helper()
	sent := make(chan error, 1)
	go func() {
		_, err := io.CopyN(from, zeros{}, n)
		sent <- err
	}()
	if _, err := io.CopyN(io.Discard, to, n); err != nil {
		tb.Error(err)
	}
	if err := <-sent; err != nil {
		tb.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// eventually asks until the kernel's account is as wanted: a segment that this
// machine sends to itself is not always taken in before the call returns.
func eventually(tb testing.TB, what string, reached func() bool) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), deadline)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !reached() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			tb.Fatalf("never came: %s", what)
		}
	}
}

// mustList is Established for a listener's port.
func mustList(tb testing.TB, r *Reader, l net.Listener) []Conn {
	tb.Helper()
	conns, err := r.Established(portOf(l))
	if err != nil {
		tb.Fatal(err)
	}
	return conns
}

// listOnce is mustList with a Reader of its own. One that is left to the garbage
// collector closes its socket while another test counts descriptors.
func listOnce(tb testing.TB, l net.Listener) []Conn {
	tb.Helper()
	var r Reader
	defer r.Close()
	return mustList(tb, &r, l)
}

// worker is a child process that accepts from a shared listener.
type worker struct {
	pid int
	in  io.Writer
	out *bufio.Scanner
}

func startWorker(t *testing.T, l *net.TCPListener) *worker {
	t.Helper()
	shared, err := l.File()
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), roleVar+"=worker")
	cmd.ExtraFiles = []*os.File{shared}
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("worker: %v", err)
		}
		cancel()
	})
	return &worker{pid: cmd.Process.Pid, in: in, out: bufio.NewScanner(out)}
}

// do gives commands and waits for each to be done.
func (w *worker) do(t *testing.T, verbs ...string) {
	t.Helper()
	for _, verb := range verbs {
		if _, err := io.WriteString(w.in, verb+"\n"); err != nil {
			t.Fatal(err)
		}
		if !w.out.Scan() || w.out.Text() != "done "+verb {
			t.Fatalf("worker answered %q to %q: %v", w.out.Text(), verb, w.out.Err())
		}
	}
}
