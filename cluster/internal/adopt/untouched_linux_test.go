package adopt

import (
	"net"
	"net/netip"
	"strconv"
	"testing"
)

func TestPortZeroIsUntouched(t *testing.T) {
	host := newHost()
	w := sockets(t, host, "zero")
	port, err := strconv.Atoi(w.line())
	if err != nil {
		t.Fatal(err)
	}
	expectAnswer(t, w, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), uint16(port)))
	expectUnasked(t, host)
}

// expectUnasked checks that nothing was adopted.
func expectUnasked(t *testing.T, host *fakeHost) {
	t.Helper()
	if got := host.asked(); len(got) != 0 || len(host.listening) != 0 {
		t.Errorf("the host was asked for %v and heard of %d listens", got, len(host.listening))
	}
}

// TestUDPIsShared has two copies bind one UDP port; the kernel spreads the
// senders over them.
func TestUDPIsShared(t *testing.T) {
	addr := "127.0.0.1:" + publicPort
	host := newHost()
	for range 2 {
		sockets(t, host, "udp", publicPort).expect("bound")
	}
	seen := map[int]bool{}
	for i := 0; i < 200 && len(seen) < 2; i++ {
		seen[answerFrom(t, "udp4", addr)] = true
	}
	if len(seen) != 2 {
		t.Errorf("only %v answer", seen)
	}
	expectUnasked(t, host)
}

func TestClientSocketsAreUntouched(t *testing.T) {
	echo, _ := echoServer(t)
	host := newHost()
	sockets(t, host, "client", echo).expect("hello", "hello")
	expectUnasked(t, host)
}

// TestClientOfAFixedPort has two copies of a client that binds a port before it
// connects: the server sees it come from there, and from no private address.
func TestClientOfAFixedPort(t *testing.T) {
	echo, from := echoServer(t)
	for range 2 {
		host := newHost()
		w := sockets(t, host, "fixedclient", publicPort, echo)
		w.expect("0.0.0.0 "+publicPort, "hello")
		if got := <-from; got != "127.0.0.1:"+publicPort {
			t.Errorf("the client came from %s", got)
		}
		if len(host.listening) != 0 {
			t.Error("a client was taken for a server")
		}
		w.end()
		w.served = nil
	}
}

// echoServer returns the port of a server that says hello to whoever comes, and
// where they came from once the connection is over.
func echoServer(t *testing.T) (port string, from <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	came, done := make(chan string, 100), make(chan struct{})
	t.Cleanup(func() { _ = l.Close(); <-done })
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.(*net.TCPConn).SetLinger(0) // no TIME_WAIT in the way of the next
			_, _ = conn.Write([]byte("hello\n"))
			_, _ = conn.Read(make([]byte, 100)) // the client closes first
			_ = conn.Close()
			came <- conn.RemoteAddr().String()
		}
	}()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), came
}
