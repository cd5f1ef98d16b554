package cluster

import (
	"io"
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

func init() {
	systemPrograms["dialled"] = func(args []string) error { // FROM TO WHO
		return dialAndEnd(args[0], args[1], args[2] == "program first")
	}
}

// TestClientThatHadAPortOfItsOwnIsPlain: it has connected from there, and that is
// over when it is looked whether it is to listen.
func TestClientThatHadAPortOfItsOwnIsPlain(t *testing.T) {
	for _, who := range []string{"program first", "peer first"} {
		t.Run(who, func(t *testing.T) {
			peer, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = peer.Close() })
			go hangUp(peer, who == "program first")
			l := startLive(t, Options{
				Command: program("dialled", "127.0.0.1"+freeAddr(t), peer.Addr().String(), who), Workers: 1,
				ReadyTimeout: 2 * plainAfter,
			})
			await[WorkerReady](l, 1)
			for _, e := range l.seen {
				if exited, ok := e.Data.(WorkerExited); ok {
					t.Errorf("it ended first: %s", exited.Reason)
				}
			}
		})
	}
}

// hangUp ends each connection, once its client has if it is to be the first, until
// the listener is closed.
func hangUp(l net.Listener, clientFirst bool) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		if clientFirst {
			_, _ = io.Copy(io.Discard, c)
		}
		_ = c.Close()
	}
}

// dialAndEnd connects, ends the connection, and stays.
func dialAndEnd(from, to string, first bool) error {
	local, err := net.ResolveTCPAddr("tcp", from)
	if err != nil {
		return err
	}
	d := net.Dialer{LocalAddr: local}
	c, err := d.Dial("tcp", to)
	if err != nil {
		return err
	}
	if !first {
		_, _ = io.Copy(io.Discard, c)
	}
	if err := c.Close(); err != nil {
		return err
	}
	return unix.Pause()
}
