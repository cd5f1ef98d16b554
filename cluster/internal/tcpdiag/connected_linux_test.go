package tcpdiag

import (
	"net"
	"slices"
	"testing"
)

// TestConnected finds a client's connection whoever ends it, and nothing where one
// only listens.
func TestConnected(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	if found := allConnected(t, portOf(l)); slices.ContainsFunc(found, func(c Conn) bool { return c.Remote.Port() == 0 }) {
		t.Errorf("a listener is among %v", found)
	}
	client := dial(t, l, "127.0.0.1", false)
	local := client.LocalAddr().(*net.TCPAddr).AddrPort()
	server := accept(t, l)
	is := func(when string) {
		t.Helper()
		// Others may have the port with another address or towards another one.
		if found := allConnected(t, local.Port()); !slices.ContainsFunc(found, func(c Conn) bool {
			return c.Local == local && c.Remote.Port() == portOf(l)
		}) {
			t.Errorf("not found %s, but %v", when, found)
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

// allConnected returns what Connected finds.
func allConnected(t *testing.T, port uint16) []Conn {
	t.Helper()
	conns, err := Connected(port)
	if err != nil {
		t.Fatal(err)
	}
	return conns
}
