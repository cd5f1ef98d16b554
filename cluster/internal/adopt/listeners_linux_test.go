package adopt

import (
	"bytes"
	"net"
	"os"
	"strings"
	"testing"
)

const (
	tableHead     = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	listeningLine = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1\n"
	connectedLine = "   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4243 1\n"
)

// TestConnectionsAreNotRead: there may be so many that reading them all takes
// longer than anybody waits.
func TestConnectionsAreNotRead(t *testing.T) {
	table := strings.NewReader(tableHead + strings.Repeat(listeningLine, 3) + strings.Repeat(connectedLine, 1000))
	if n := len(parseListeners(table)); n != 3 {
		t.Errorf("%d listeners, want 3", n)
	}
	if table.Len() < 900*len(connectedLine) {
		t.Errorf("%d bytes are left of the table: it was read on behind the listeners", table.Len())
	}
}

// TestKernelListsListenersFirst is what that depends on.
func TestKernelListsListenersFirst(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for range 20 { // at ports of all sorts, so in no order
		c, err := net.Dial("tcp4", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for line := range bytes.Lines(table) {
		if _, ok := parseListener(string(line)); ok {
			all++
		}
	}
	if n := len(parseListeners(bytes.NewReader(table))); n != all || n == 0 {
		t.Errorf("%d of %d listeners stand before the first connection", n, all)
	}
}
