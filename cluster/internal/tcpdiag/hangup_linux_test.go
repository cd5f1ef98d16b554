package tcpdiag

import (
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"testing"
	"time"
)

// TestHangUp ends one of two connections of another process.
func TestHangUp(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	w := startWorker(t, l)
	stays := dial(t, l, "127.0.0.1", false)
	w.do(t, "accept")
	ends := dial(t, l, "127.0.0.1", false)
	w.do(t, "accept")
	if err := HangUp([]int{w.pid, os.Getpid()}, []Conn{connTo(t, l, ends)}); err != nil {
		t.Fatal(err)
	}
	w.do(t, "end", "close")
	if _, err := ends.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		t.Errorf("the client reads %v, want the end", err)
	}
	if _, err := stays.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	w.do(t, "read", "write")
	if _, err := io.CopyN(io.Discard, stays, 1000); err != nil {
		t.Error(err)
	}
}

// TestHangUpOfNothing leaves alone what nobody holds.
func TestHangUpOfNothing(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	client := dial(t, l, "127.0.0.1", false)
	const gone = 1<<22 + 1 // above the highest pid (proc_sys_kernel(5), pid_max)
	if err := HangUp([]int{gone, os.Getpid()}, []Conn{connTo(t, l, client)}); err != nil {
		t.Error(err)
	}
	carry(t, client, accept(t, l), 1)
}

// connTo returns the connection of a client, once the kernel has it.
func connTo(t *testing.T, l net.Listener, client *net.TCPConn) (conn Conn) {
	t.Helper()
	eventually(t, "the connection of the client", func() bool {
		conns := listOnce(t, l)
		i := slices.IndexFunc(conns, func(c Conn) bool {
			return c.Remote == client.LocalAddr().(*net.TCPAddr).AddrPort()
		})
		if i >= 0 {
			conn = conns[i]
		}
		return i >= 0
	})
	return conn
}

// TestOwing follows a connection through two questions and an answer.
func TestOwing(t *testing.T) {
	l := listen(t, "tcp4", "127.0.0.1:0", false)
	client := dial(t, l, "127.0.0.1", false)
	server := accept(t, l)
	owing := func(when string, want bool) {
		t.Helper()
		eventually(t, when, func() bool { return only(t, l).Owing == want })
	}
	owing("nothing owing before the first word", false)
	if _, err := client.Write([]byte{1}); err != nil {
		t.Fatal(err)
	}
	owing("an answer owing to what is unread", true)
	if _, err := io.ReadFull(server, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if !only(t, l).Owing {
		t.Error("no answer owing to the first question")
	}
	carry(t, server, client, 1)
	owing("nothing owing after the answer", false)
	eventually(t, "silence beyond a tick", func() bool { return only(t, l).Silent >= 50*time.Millisecond })
	carry(t, client, server, 1)
	if c := only(t, l); !c.Owing {
		t.Errorf("after the second question: %+v", c)
	}
}
