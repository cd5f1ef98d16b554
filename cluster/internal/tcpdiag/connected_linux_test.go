package tcpdiag

import (
	"net"
	"testing"
)

// TestConnected finds a client's connection whoever ends it, and nothing where one
// only listens.
func TestConnected(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	if n := connections(t, portOf(l)); n != 0 {
		t.Errorf("a listener shows as %d connections", n)
	}
	client := dial(t, l, "127.0.0.1", false)
	port := uint16(client.LocalAddr().(*net.TCPAddr).Port)
	server := accept(t, l)
	is := func(when string) {
		t.Helper()
		if n := connections(t, port); n != 1 {
			t.Errorf("%d connections %s", n, when)
		}
	}
	is("while it is open")
	if err := client.Close(); err != nil {
		t.Fatal(err)
	}
	is("once the client has closed it")
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	is("in TIME-WAIT")
}

func connections(t *testing.T, port uint16) int {
	t.Helper()
	conns, err := Connected(port)
	if err != nil {
		t.Fatal(err)
	}
	return len(conns)
}
